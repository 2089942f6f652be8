// The case: panels renew themselves in place, documents are leafed through by keyboard, cards open to their evidence.
import { replaceInPlace } from "./in-place.js";
import { Viewer } from "./viewer.js";

const viewerElement = document.getElementById("viewer");
const viewer = viewerElement?.querySelector(".sheet") ? new Viewer(viewerElement) : null;

// What sticks under the identity bar keeps clear of it, however many lines the bar has.
const bar = document.getElementById("case-identity");
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);

// Each element that came is brought into the place of the same id; what the open page does not have is left out.
htmx.defineExtension("panels", {
  isInlineSwap: (style) => style === "panels",
  handleSwap: (style, target, fragment) => {
    if (style !== "panels") return false;
    for (const fresh of [...fragment.children]) {
      const old = fresh.id && document.getElementById(fresh.id);
      if (old) replaceInPlace(old, fresh);
    }
    viewer?.markCurrent();
    document.querySelectorAll("details.check-card[open]").forEach(fill);
    return [];
  },
});

// A hidden tab asks nothing; it catches up when it is looked at.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.id === "case-pulse") event.preventDefault();
});

// The evidence is fetched when somebody opens the card; opening is a look, so it is not fetched before.
function fill(card) {
  const evidence = card.querySelector(".evidence");
  if (evidence && !evidence.childElementCount && !evidence.classList.contains("htmx-request")) htmx.trigger(evidence, "fill");
}
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.check-card[open]")) fill(event.target);
}, true);

// The cool-down of a register counts down on its button.
setInterval(() => {
  document.querySelectorAll("button[data-cool-down]").forEach((button) => {
    const left = Number(button.dataset.coolDown);
    if (left > 0) button.dataset.coolDown = String(left - 1);
    button.disabled = left > 1;
    button.textContent = left > 1 ? button.dataset.wait.replace("%s", left - 1) : button.dataset.again;
  });
}, 1000);

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-events]");
  if (!choice) return;
  document.getElementById("timeline").dataset.show = choice.dataset.events;
  choice.parentElement.querySelectorAll("[data-events]").forEach((item) => item.setAttribute("aria-pressed", item === choice));
});
