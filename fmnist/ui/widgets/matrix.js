// A click on a cell chooses it. The arrow keys move between the cells, which are one stop of the
// Tab key; Enter and Space click. What a cell means is shown while the mouse or the focus is on it.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".place");
  const note = parentElement.querySelector(".note");
  if (place.matrix !== data.matrix) {
    place.matrix = data.matrix;
    place.innerHTML = data.matrix;
    note.hidden = true;
  }
  const find = (event) => event.target.closest?.("button");
  const describe = (event) => {
    const cell = find(event);
    note.hidden = !cell;
    if (!cell) return;
    note.textContent = cell.ariaLabel;
    const box = cell.getBoundingClientRect();
    const all = note.parentElement.getBoundingClientRect();
    const middle = box.left - all.left + (box.width - note.offsetWidth) / 2;
    note.style.left = `${Math.max(0, Math.min(middle, all.width - note.offsetWidth))}px`;
    note.style.top = `${box.top - all.top - note.offsetHeight - 4}px`;
  };
  const hide = () => {
    note.hidden = true;
  };
  const cells = [...place.querySelectorAll("button")];
  const stop = cells.find((cell) => cell.value === data.chosen) ?? cells[0];
  for (const cell of cells) {
    cell.ariaPressed = String(cell.value === data.chosen);
    cell.tabIndex = cell === stop ? 0 : -1;
    cell.onfocus = describe;
    cell.onblur = hide;
  }
  place.onmouseover = describe;
  place.onmouseleave = hide;
  place.onclick = (event) => {
    const cell = find(event);
    if (cell) setTriggerValue("clicked", cell.value);
  };
  place.onkeydown = (event) => {
    const step = STEPS[event.key];
    const cell = find(event);
    if (!step || !cell) return;
    event.preventDefault();
    const [row, column] = cell.value.split("-").map((at, axis) => Number(at) + step[axis]);
    const next = cells.find((each) => each.value === `${row}-${column}`);
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
}
