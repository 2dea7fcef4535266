// The person taps the garment that is meant, draws a box around it, or clicks a cut-out.
// With the keyboard: arrows move a mark over the picture, Enter taps there.

const HEIGHT = 320; // pixels, of a picture that is not too wide
const LEAST = 0.03; // share of the picture: a shorter drag is a tap
const STEP = 0.05;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default function ({ data, parentElement, setStateValue }) {
  const parts = [".picture", "img", ".mark", ".again", ".row", ".more"];
  const [picture, image, mark, again, row, more] = parts.map((selector) =>
    parentElement.querySelector(selector),
  );
  if (image.getAttribute("src") !== data.picture) image.src = data.picture;
  image.alt = data.alt;
  picture.style.width = `min(100%, ${HEIGHT * data.ratio}px)`;

  const show = ({ point, box }) => {
    const [left, top, right, bottom] = box ?? [...(point ?? []), ...(point ?? [])];
    mark.hidden = left === undefined;
    mark.classList.toggle("is-point", !box);
    mark.style.left = `${100 * left}%`;
    mark.style.top = `${100 * top}%`;
    mark.style.width = box ? `${100 * (right - left)}%` : "";
    mark.style.height = box ? `${100 * (bottom - top)}%` : "";
  };
  const send = (choice) => {
    show(choice);
    setStateValue("choice", choice);
  };
  show(data.choice);

  let start = null;
  const locate = (event) => {
    const { left, top, width, height } = image.getBoundingClientRect();
    const clip = (share) => Math.min(Math.max(share, 0), 1);
    return [clip((event.clientX - left) / width), clip((event.clientY - top) / height)];
  };
  const measure = ([x, y]) => {
    const [left, right] = [start[0], x].sort((a, b) => a - b);
    const [top, bottom] = [start[1], y].sort((a, b) => a - b);
    const isTap = right - left < LEAST || bottom - top < LEAST;
    return isTap ? { point: start } : { box: [left, top, right, bottom] };
  };
  picture.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    picture.focus({ preventScroll: true });
    picture.setPointerCapture(event.pointerId);
    start = locate(event);
  };
  picture.onpointermove = (event) => start && show(measure(locate(event)));
  picture.onpointerup = (event) => {
    if (!start) return;
    const choice = measure(locate(event));
    start = null;
    send(choice);
  };
  picture.onpointercancel = () => {
    start = null;
    show(data.choice);
  };

  let cursor = data.choice.point ?? [0.5, 0.5];
  picture.onkeydown = (event) => {
    if (event.key === "Enter") return send({ point: cursor });
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    cursor = cursor.map((share, axis) => Math.min(Math.max(share + STEP * arrow[axis], 0), 1));
    show({ point: cursor });
  };

  again.hidden = !data.isChosen;
  again.onclick = () => send({});
  more.hidden = data.isComplete;
  more.onclick = () => send({ every: true });
  row.replaceChildren(
    ...data.candidates.map(({ number, source }, position) => {
      const button = document.createElement("button");
      button.type = "button";
      button.ariaPressed = String(number === data.used);
      button.ariaLabel = `Cut-out ${position + 1} of ${data.candidates.length}`;
      const shown = document.createElement("img");
      shown.src = source;
      shown.alt = "";
      button.append(shown);
      button.onclick = () => send({ ...data.choice, candidate: number });
      return button;
    }),
  );
}
