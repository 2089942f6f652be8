// Brings a part of the page to what the server sent, touching only what differs. Elements are matched by id, else by
// place and kind; a number marked data-glow glows once when it changed.
export function replaceInPlace(old, fresh) {
  matchChildren(old, [...fresh.childNodes]);
}

function matchChildren(old, freshNodes) {
  const wanted = new Set(freshNodes.map((node) => node.id).filter(Boolean));
  const byId = new Map([...old.children].filter((child) => wanted.has(child.id)).map((child) => [child.id, child]));
  let cursor = old.firstChild;
  for (const node of freshNodes) {
    const kept = node.id && byId.get(node.id);
    if (kept) {
      byId.delete(node.id);
      // What went from before it is taken away: an element that is moved instead would lose the focus.
      while (cursor && cursor !== kept && !byId.has(cursor.id)) { const next = cursor.nextSibling; cursor.remove(); cursor = next; }
      if (kept !== cursor) old.insertBefore(kept, cursor); else cursor = cursor.nextSibling;
      bringTo(kept, node);
    } else if (cursor && !cursor.id && !node.id && cursor.nodeType === node.nodeType && cursor.nodeName === node.nodeName) {
      const next = cursor.nextSibling;
      bringTo(cursor, node);
      cursor = next;
    } else {
      const added = document.importNode(node, true);
      old.insertBefore(added, cursor);
      if (added.nodeType === Node.ELEMENT_NODE) htmx.process(added);
    }
  }
  while (cursor) { const next = cursor.nextSibling; cursor.remove(); cursor = next; }
}

function bringTo(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) { old.nodeValue = fresh.nodeValue; return; }
  // What somebody is using is left as it is: an open list, a field being filled. What a script writes is its own.
  if (old.contains(document.activeElement) && old.matches("select, input, textarea")) return;
  if (old.id === "queue-age") return;
  // What was fetched into the page stays until its own key changes.
  if (old.dataset.kept !== undefined && old.dataset.kept === fresh.dataset.kept) return;
  const glows = old.dataset.glow !== undefined && old.textContent !== fresh.textContent;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !(name === "open" && old.matches("details"))) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.matches("input[type=hidden]")) old.value = fresh.value;
  matchChildren(old, [...fresh.childNodes]);
  if (glows) {
    old.classList.add("glow");
    old.addEventListener("animationend", () => old.classList.remove("glow"), { once: true });
  }
}
