// A click on an image chooses it.

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".gallery");
  if (place.sheet !== data.sheet) {
    place.sheet = data.sheet;
    place.innerHTML = data.sheet;
  }
  place.querySelectorAll("button").forEach((button, position) => {
    button.ariaPressed = String(position === data.chosen);
  });
  place.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("clicked", Number(button.value));
  };
}
