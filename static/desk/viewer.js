// Documents beside the case: one at a time, turned and enlarged without leaving the page, by keys that are printed.
const ZOOM_STEP = 1.25;
const SMALLEST = 0.4;
const LARGEST = 6;
const EDGE = 28;

export class Viewer {
  constructor(element) {
    this.element = element;
    this.sheets = [...element.querySelectorAll(".sheet")];
    this.current = this.sheets.find((sheet) => !sheet.hidden) ?? this.sheets[0];
    this.place = document.getElementById("viewer-place");
    element.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    new ResizeObserver(() => this.fit()).observe(element);
    this.show(this.current);
  }

  show(sheet) {
    for (const other of this.sheets) other.hidden = other !== sheet;
    this.current = sheet;
    this.load(sheet);
    this.place.textContent = this.place.dataset.words
      .replace("%1", this.sheets.indexOf(sheet) + 1).replace("%2", this.sheets.length);
    this.markCurrent();
    this.fit();
  }

  // A document is fetched when it is looked at, because every look is journaled.
  load(sheet) {
    const pane = sheet.querySelector(".pane");
    if (pane.childElementCount) return;
    if (sheet.dataset.kind === "pdf") {
      const frame = document.createElement("iframe");
      frame.title = sheet.dataset.name;
      frame.src = sheet.dataset.src;
      pane.append(frame);
      return;
    }
    const leaf = document.createElement("div");
    leaf.className = "leaf";
    const image = document.createElement("img");
    image.alt = sheet.dataset.name;
    image.addEventListener("load", () => this.fit());
    image.src = sheet.dataset.src;
    leaf.append(image);
    pane.append(leaf);
  }

  markCurrent() {
    for (const thumb of this.element.querySelectorAll("[data-sheet]")) {
      if (`sheet-${thumb.dataset.sheet}` === this.current.id) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
  }

  fit() {
    const pane = this.current.querySelector(".pane");
    const image = pane.querySelector("img");
    if (!image?.naturalWidth) return;
    const turns = Number(this.current.dataset.turns ?? 0);
    const zoom = Number(this.current.dataset.zoom ?? 1);
    const isAcross = turns % 2 === 1;
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const scale = zoom * Math.min(1.6, (pane.clientWidth - EDGE) / (isAcross ? height : width));
    image.style.width = `${width * scale}px`;
    image.style.height = `${height * scale}px`;
    image.style.transform = `translate(-50%, -50%) rotate(${turns * 90}deg)`;
    image.parentElement.style.width = `${(isAcross ? height : width) * scale}px`;
    image.parentElement.style.height = `${(isAcross ? width : height) * scale}px`;
  }

  step(count) {
    const index = (this.sheets.indexOf(this.current) + count + this.sheets.length) % this.sheets.length;
    this.show(this.sheets[index]);
  }

  turn() {
    this.current.dataset.turns = String((Number(this.current.dataset.turns ?? 0) + 1) % 4);
    this.fit();
  }

  zoom(factor) {
    const zoom = Number(this.current.dataset.zoom ?? 1) * factor;
    this.current.dataset.zoom = String(Math.min(LARGEST, Math.max(SMALLEST, zoom)));
    this.fit();
  }

  act(deed) {
    const deeds = {
      back: () => this.step(-1),
      next: () => this.step(1),
      turn: () => this.turn(),
      larger: () => this.zoom(ZOOM_STEP),
      smaller: () => this.zoom(1 / ZOOM_STEP),
    };
    deeds[deed]?.();
  }

  clicked(event) {
    const thumb = event.target.closest("[data-sheet]");
    if (thumb) {
      event.preventDefault();
      this.show(this.sheets.find((sheet) => sheet.id === `sheet-${thumb.dataset.sheet}`));
    }
    const button = event.target.closest("[data-view]");
    if (button) this.act(button.dataset.view);
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const deed = { ArrowLeft: "back", ArrowRight: "next", "+": "larger", "=": "larger", "-": "smaller", "−": "smaller" }[event.key]
      ?? (event.code === "KeyR" ? "turn" : undefined);
    if (!deed) return;
    event.preventDefault();
    this.act(deed);
  }
}
