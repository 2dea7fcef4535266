// Pictures of cells side by side; a click on a cell reports which one it is.

const build = () => {
  const figure = document.createElement("figure");
  figure.innerHTML =
    '<figcaption><b></b><span></span></figcaption><div class="picture">' +
    '<img draggable="false"><span class="chosen"></span><span class="box"></span></div>';
  return figure;
};

const place = (mark, shares) => {
  mark.hidden = !shares;
  if (!shares) return;
  ["left", "top", "width", "height"].forEach((side, at) => {
    mark.style[side] = `${100 * shares[at]}%`;
  });
};

export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".grids");
  row.ariaLabel = data.label;
  while (row.children.length > data.figures.length) row.lastElementChild.remove();
  data.figures.forEach((shown, number) => {
    const figure = row.children[number] ?? row.appendChild(build());
    const picture = figure.querySelector(".picture");
    const image = figure.querySelector("img");
    figure.querySelector("b").textContent = shown.title;
    figure.querySelector("figcaption span").textContent = shown.note;
    if (image.getAttribute("src") !== shown.source) image.src = shown.source;
    image.alt = shown.alt;
    picture.style.width = `${shown.width}px`;
    picture.style.height = `${shown.height}px`;
    const { columns, rows, count } = shown;
    const at = shown.chosen;
    place(
      figure.querySelector(".chosen"),
      at === null
        ? null
        : [(at % columns) / columns, Math.floor(at / columns) / rows, 1 / columns, 1 / rows],
    );
    place(figure.querySelector(".box"), shown.box);
    picture.classList.toggle("is-clickable", count > 0);
    const find = (event) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      const x = Math.floor(((event.clientX - left) / width) * columns);
      const y = Math.floor(((event.clientY - top) / height) * rows);
      const cell = y * columns + x;
      return x >= 0 && x < columns && y >= 0 && cell >= 0 && cell < count ? cell : null;
    };
    picture.onpointermove = (event) => {
      const cell = find(event);
      const pixel = `row ${Math.floor(cell / columns)}, column ${cell % columns}`;
      const names = { map: `map ${cell}`, pixel, stage: shown.title };
      picture.title = cell === null ? "" : names[shown.unit];
    };
    picture.onclick = (event) => {
      const cell = find(event);
      if (cell !== null) setTriggerValue("click", { figure: number, cell });
    };
  });
}
