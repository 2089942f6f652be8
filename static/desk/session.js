// Warns three minutes before the session ends, lets it be extended, and keeps what was typed when it is over.
const WARN_SECONDS = 180;
const ASK_AGAIN_SECONDS = 20;

export function watchSession(data) {
  const warning = document.getElementById("session-ends");
  const over = document.getElementById("session-over");
  if (!warning || !over) return;

  let idleEnds = Date.now() + Number(data.idleLeft) * 1000;
  let sessionEnds = Date.now() + Number(data.sessionLeft) * 1000;
  let askedAt = 0;
  let asked = 0;
  const left = () => Math.round((Math.min(idleEnds, sessionEnds) - Date.now()) / 1000);

  const learn = (answer) => {
    idleEnds = Date.now() + answer.idle * 1000;
    sessionEnds = Date.now() + answer.absolute * 1000;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = answer.token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": answer.token }));
  };
  const showOver = () => { if (warning.open) warning.close(); if (!over.open) over.showModal(); };
  const ask = async (method) => {
    askedAt = Date.now();
    const turn = ++asked;
    const headers = { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] };
    if (method === "GET") headers["X-Background"] = "1";
    const response = await fetch(data.sessionUrl, { method, headers });
    if (response.status === 401 || response.redirected) { showOver(); return false; }
    if (!response.ok) return false;
    const answer = await response.json();
    // An earlier question that is answered late knows nothing of what was extended since.
    if (turn === asked) learn(answer);
    return true;
  };

  const tick = async () => {
    const seconds = left();
    if (over.open) return;
    if (seconds <= 0) { showOver(); return; }
    if (seconds > WARN_SECONDS) { if (warning.open) warning.close(); return; }
    // Another tab may have been used meanwhile: the server knows.
    if (Date.now() - askedAt > ASK_AGAIN_SECONDS * 1000) { await ask("GET"); if (left() > WARN_SECONDS) return; }
    warning.querySelector("[data-countdown]").textContent =
      `${Math.floor(left() / 60)}:${String(Math.max(0, left() % 60)).padStart(2, "0")}`;
    if (!warning.open && !over.open) warning.showModal();
  };
  setInterval(() => tick().catch(() => {}), 1000);

  warning.querySelector("[data-extend]").addEventListener("click", async () => { if (await ask("POST")) warning.close(); });
  over.querySelector("[data-resume]").addEventListener("click", async () => { if (await ask("GET")) over.close(); });
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) showOver(); });
}
