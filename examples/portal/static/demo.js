"use strict";

// Renews the part of a page that changes: asked every second by its tag, and answered with 304 while it is the same.
// Whoever has left, or has no part in it any more, is shown so at once and asks no further.
for (const part of document.querySelectorAll("[data-live]")) {
  let tag = "";
  const renew = async () => {
    try {
      const answer = await fetch(part.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.redirected || answer.status === 404) return location.reload();
      if (answer.status === 200) {
        const text = await answer.text();
        // What somebody types in is not taken away from under their hands.
        if (!part.querySelector("input:focus")) {
          tag = answer.headers.get("ETag") || "";
          put(part, text);
        }
      }
    } catch {
      // The portal does not answer just now: the next second asks again.
    }
    setTimeout(renew, 1000);
  };
  setTimeout(renew, 1000);
}

function put(part, text) {
  const here = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = text;
  if (here) document.getElementById(here)?.focus();
  // The paper stands outside of what is renewed, so that whoever reads it is left alone.
  const latest = part.querySelector("[data-paper]")?.dataset, frame = document.getElementById("paper");
  if (latest && frame.getAttribute("src") !== latest.paper) {
    frame.src = latest.paper;
    frame.title = latest.title;
    frame.parentElement.classList.add("with-paper");
  }
}

// Where there is no room for a paper beside the case, it opens on a page of its own.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[target=paper]");
  if (link && !document.getElementById("paper").offsetParent) link.removeAttribute("target");
});

// A list is narrowed by what is typed.
for (const box of document.querySelectorAll("[data-filter]")) {
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase(), items = [...document.querySelectorAll(box.dataset.filter)];
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    document.querySelector(box.dataset.none).hidden = items.some((item) => !item.hidden);
  });
}

// An error is where the eyes and the keyboard go first.
document.getElementById("errors")?.focus();
