// The queue renews itself in place: unchanged rows are left alone, so focus, hover and place stay where they are.
import { replaceInPlace } from "./in-place.js";

const STALE_SECONDS = 5;
let heardAt = Date.now();

htmx.defineExtension("in-place", {
  isInlineSwap: (style) => style === "in-place",
  handleSwap: (style, target, fragment) => {
    if (style !== "in-place") return false;
    keepUnderPointer(target, () => replaceInPlace(target, fragment));
    return [target];
  },
});

// The row under the pointer keeps its place on the screen when rows above it come or go.
function keepUnderPointer(target, change) {
  const row = target.querySelector("tbody tr:hover");
  const before = row?.getBoundingClientRect().top;
  change();
  if (row?.isConnected) window.scrollBy(0, row.getBoundingClientRect().top - before);
}

function tellAge() {
  const age = document.getElementById("queue-age");
  if (!age) return;
  const seconds = Math.round((Date.now() - heardAt) / 1000);
  const isLate = seconds >= STALE_SECONDS;
  age.textContent = (isLate ? age.dataset.late : age.dataset.seconds).replace("%s", seconds);
  age.classList.toggle("late", isLate);
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) heardAt = Date.now();
});
// A hidden tab asks nothing; it catches up when it is looked at.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.id === "queue-pulse") event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) {
    for (const field of event.target.form.elements) field.disabled = field.name !== "" && field.value === "";
    event.target.form.requestSubmit();
  }
});
setInterval(tellAge, 1000);
tellAge();
