// Repeats each stroke on the other half of a drawing canvas, as the person draws, lets the canvas
// report a stroke when the pen is lifted, and hides the buttons of the canvas' bar that the page's
// own Undo, Redo and Clear replace, or that nobody needs to press then. Sends the server nothing.
//
// The canvas waits 0.2 s for more strokes before it reports one, unless its button Update is
// pressed. So that is pressed. Without such a button, the canvas would report as it does by itself.
//
// The canvas (streamlit-drawable-canvas, Fabric.js) keeps its objects to itself, so the mirrored
// stroke is drawn by the canvas' own tool: at the end of a stroke, its events are played once more
// with mirrored coordinates. Both strokes end within one task, so that the canvas reports both in
// one message.

const DEVICES = {
  mousedown: ["mousedown", "mousemove", "mouseup"],
  touchstart: ["touchstart", "touchmove", "touchend"],
};
const EVENTS = Object.values(DEVICES).flat();
const HIDDEN = `
  .dc-icon-button:is([aria-label=Undo], [aria-label=Redo], [aria-label^=Reset],
    [aria-label^=Update]), .dc-icon-button + .dc-toolbar-separator { display: none }
`;

const mirrors = new WeakMap();

export default function ({ data, parentElement }) {
  let mirror = mirrors.get(parentElement);
  if (!mirror) mirrors.set(parentElement, (mirror = new Mirror()));
  mirror.update(data);
  return () => {
    mirrors.get(parentElement)?.stop();
    mirrors.delete(parentElement);
  };
}

class Mirror {
  constructor() {
    this.data = { canvas: "", mirrored: false, reports: false };
    this.root = null; // the canvas' shadow root
    this.overlay = null;
    this.stroke = null; // what is being drawn: its target, events' types and places
    this.stopped = false;
    for (const type of EVENTS) document.addEventListener(type, this.follow, true);
  }

  update(data) {
    this.data = data;
    this.dress();
  }

  stop() {
    this.stopped = true;
    for (const type of EVENTS) document.removeEventListener(type, this.follow, true);
    this.overlay?.remove();
  }

  // Waits for the canvas, which may be drawn after us.
  dress = () => {
    if (this.stopped || this.root?.isConnected) return;
    const keyed = document.querySelector(`.st-key-${CSS.escape(this.data.canvas)}`);
    const hosts = [...(keyed?.querySelectorAll("*") ?? [])];
    const host = hosts.find((each) => each.shadowRoot?.querySelector(".upper-canvas"));
    if (!host) return void requestAnimationFrame(this.dress);
    this.root = host.shadowRoot;
    const style = document.createElement("style");
    style.textContent = HIDDEN;
    this.root.append(style);
    const upper = this.root.querySelector(".upper-canvas");
    this.overlay = document.createElement("canvas");
    this.overlay.width = upper.width;
    this.overlay.height = upper.height;
    this.overlay.className = "mirror-canvas";
    this.overlay.style.cssText = "position:absolute;inset:0;z-index:11;pointer-events:none";
    this.root.querySelector(".dc-container").append(this.overlay);
  };

  // Runs before the canvas hears of an event.
  follow = (event) => {
    if (!event.isTrusted || !this.root) return;
    if (event.type in DEVICES) return this.begin(event);
    if (!this.stroke || !this.stroke.types.includes(event.type)) return;
    this.stroke.places.push(locate(event));
    if (this.data.mirrored) requestAnimationFrame(this.paint);
    if (event.type !== this.stroke.types[2]) return;
    const stroke = this.stroke;
    this.stroke = null;
    if (this.data.mirrored) this.repeat(event, stroke);
    if (this.data.reports) setTimeout(this.report); // once the canvas has the stroke
  };

  repeat(event, { target, types, places }) {
    event.stopImmediatePropagation();
    const [start, move, end] = types;
    send(target, end, places.at(-1));
    const box = target.getBoundingClientRect();
    const mirrored = places.map(([x, y]) => [box.left + box.right - x, y]);
    send(target, start, mirrored[0]);
    for (const place of mirrored.slice(1)) send(target, move, place);
    send(target, end, mirrored.at(-1));
  }

  begin(event) {
    const target = event.composedPath()[0];
    const edits = this.root.querySelector("[aria-label=Edit]")?.ariaPressed === "true";
    const isOurs = this.root.contains(target) && target.classList.contains("upper-canvas");
    this.stroke = null;
    if (!isOurs || edits || (event.button ?? 0) !== 0 || event.touches?.length > 1) return;
    this.stroke = { target, types: DEVICES[event.type], places: [locate(event)] };
  }

  report = () => this.root.querySelector("[aria-label^=Update]")?.click();

  // Shows the mirror image of the line that the brush is drawing, until it lies on the canvas.
  paint = () => {
    const context = this.overlay.getContext("2d");
    const { width, height } = this.overlay;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!this.stroke) return;
    context.setTransform(-1, 0, 0, 1, width, 0);
    context.drawImage(this.stroke.target, 0, 0, width, height);
  };
}

function locate(event) {
  const { clientX, clientY } = event.changedTouches?.[0] ?? event;
  return [clientX, clientY];
}

function send(target, type, [clientX, clientY]) {
  const options = { bubbles: true, composed: true, cancelable: true, view: window };
  if (type.startsWith("mouse")) {
    const buttons = type === "mouseup" ? 0 : 1;
    target.dispatchEvent(new MouseEvent(type, { ...options, clientX, clientY, buttons }));
    return;
  }
  // Not every browser lets a page construct touches.
  const touch = { identifier: 0, target, clientX, clientY, pageX: clientX, pageY: clientY };
  const touches = type === "touchend" ? [] : [touch];
  const event = Object.assign(new UIEvent(type, options), { touches, changedTouches: [touch] });
  target.dispatchEvent(event);
}
