/*
 * Rows of the score sheet save themselves while somebody types. Without this script a
 * row is saved by its button, page and all.
 *
 * Each change of a row is put into the browser's store at once (waiting.js) and sent
 * 1.2 s after the last key, at once for options and ticks, and when the row is left.
 * Rows are sent one at a time, in the order in which they were first changed. What the
 * line or the server did not take is sent again, after growing pauses and when the line
 * is back. A save whose answer was lost is repeated as it was, before anything newer:
 * the server takes the same save twice for one. A row leaves the store when the server
 * has answered that it holds just what stands in the row.
 *
 * Events on the form, all bubbling: "row:edited" at each change, "row:saved" with
 * {slug, version}, "row:unsaved" with {slug, kind} (refused, incomplete, conflict, closed).
 * It opens no row and counts no points: that is done by other scripts, from the events.
 */
(function () {
  "use strict";

  var root = document.getElementById("saving");
  var sheet = document.querySelector("table.score-sheet");
  if (!root || !sheet || !window.fetch || !window.htmx) return;

  var PAUSE_OF_TYPING = 1200;
  var PATIENCE = 20000;
  var PAUSES = [2000, 4000, 8000, 16000, 30000];

  var store = window.parIndex.waiting(
    root.getAttribute("data-user"),
    root.getAttribute("data-file")
  );
  var line = document.getElementById("saving-line");
  var jobs = {}; // by the row's slug: {entry, status, timer, isPressed, before}
  var busy = null; // the job that is being sent
  var failures = 0;
  var pause = null; // the timer after a failure
  var checklist = ""; // which one the page shows, as the last answer named it
  var isSwapping = false; // an answer to a save is being put into the page
  var renewals = 0; // of the session, since the server last took or refused a row
  var blocked = null; // {kind, sentence}: nothing is sent until the session is right

  function word(name) {
    return root.getAttribute("data-" + name) || "";
  }

  /* ---- rows and their forms ---- */

  var rows = window.parIndex.rowForm;

  function formOf(element) {
    return element && element.closest && element.closest(".row-form");
  }

  function formBy(slug) {
    return document.getElementById("form-" + slug);
  }

  function slugOf(form) {
    return form.id.slice("form-".length);
  }

  /* ---- what is said at the row, in its closed line and below the sheet ---- */

  function outcomeOf(slug) {
    return document.getElementById("outcome-" + slug);
  }

  function toggleOf(slug) {
    return document.querySelector("#row-" + CSS.escape(slug) + " .row-toggle");
  }

  var SPOKEN = ".save-state, .save-pending, .notice";

  function say(slug, kind, text, action) {
    var outcome = outcomeOf(slug);
    if (!outcome) return;
    Array.prototype.forEach.call(outcome.querySelectorAll(SPOKEN), function (old) {
      if (old.parentNode) old.parentNode.removeChild(old);
    });
    var state = document.createElement("p");
    state.className = "save-state is-" + kind;
    state.textContent = text;
    // Only what came of it is read out, not each pause in typing.
    if (kind === "typing" || kind === "saving") state.setAttribute("aria-hidden", "true");
    if (action) state.appendChild(button(action, word("retry")));
    outcome.insertBefore(state, outcome.firstChild);
  }

  function button(action, text) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-link";
    made.setAttribute("data-saving-act", action);
    made.textContent = text;
    return made;
  }

  function mark(slug, kind, text, title) {
    var row = document.getElementById("row-" + slug);
    var place = row && row.querySelector("td.code");
    if (!place) return;
    var old = place.querySelector(".row-save");
    if (old) place.removeChild(old);
    if (!kind) return;
    var sign = document.createElement("span");
    sign.className = "row-save is-" + kind;
    sign.textContent = text;
    if (title) sign.title = title;
    place.appendChild(sign);
  }

  function tell(job, kind, text, action) {
    say(job.entry.slug, kind, text, action);
    mark(job.entry.slug, kind, word("mark-" + kind), text);
  }

  function counted(name, number) {
    return word(number === 1 ? name + "-one" : name).replace("{n}", number);
  }

  function list() {
    return Object.keys(jobs)
      .map(function (slug) {
        return jobs[slug];
      })
      .sort(function (one, other) {
        return one.entry.first - other.entry.first || one.turn - other.turn;
      });
  }

  function isMoving(job) {
    return /^(typing|due|sending)$/.test(job.status);
  }

  function sumUp() {
    var all = list();
    var moving = all.filter(isMoving).length;
    var held = all.filter(function (job) { return !isMoving(job); });
    if (blocked) show(blocked.sentence, counted("waiting", all.length), blocked.action);
    else if (failures && moving) show(word("line"), counted("waiting", moving), "now");
    else if (!store.isDurable() && all.length) show(word("memory"), counted("waiting", all.length));
    else if (held.length) show(counted("held", held.length), "", "held");
    else line.hidden = true;
  }

  function show(text, count, action) {
    var place = document.querySelector(".sticky-bar");
    if (place && line.parentNode !== place) place.insertBefore(line, place.firstChild);
    var whole = text + (count ? " " + count : "");
    var told = line.querySelector("[data-text]");
    if (told.textContent !== whole) told.textContent = whole;
    var press = line.querySelector("button");
    press.hidden = !action;
    if (action) {
      press.setAttribute("data-saving-act", action);
      press.textContent = word("do-" + action);
    }
    line.hidden = false;
  }

  /* ---- a row is changed ---- */

  var turns = 0;

  function jobOf(form) {
    var slug = slugOf(form);
    if (jobs[slug]) return jobs[slug];
    var toggle = toggleOf(slug);
    var outcome = outcomeOf(slug);
    jobs[slug] = {
      entry: {
        slug: slug,
        name: toggle ? toggle.textContent : slug,
        action: form.getAttribute("action"),
        version: form.elements.version.value,
        fields: [],
        sent: null,
        clear: false,
        first: Date.now(),
        at: Date.now(),
      },
      turn: (turns += 1),
      status: "typing",
      isPressed: false,
      before: outcome ? outcome.cloneNode(true) : null,
    };
    return jobs[slug];
  }

  function edit(form, isSoon) {
    var job = jobOf(form);
    var entry = job.entry;
    entry.fields = rows.typed(form);
    entry.at = Date.now();
    entry.clear = false;
    form.dispatchEvent(new CustomEvent("row:edited", { bubbles: true }));
    if (!entry.sent && job.status !== "conflict" && rows.isSame(entry.fields, rows.stored(form))) {
      takenBack(job);
      return;
    }
    store.put(entry);
    if (job.status === "conflict" || job === busy) return;
    clearTimeout(job.timer);
    job.status = "typing";
    job.isPressed = false;
    if (!failures && !blocked) tell(job, "typing", word("typing"));
    else tellWaiting(job);
    if (isSoon) makeDue(job);
    else job.timer = setTimeout(function () { makeDue(job); }, PAUSE_OF_TYPING);
    sumUp();
  }

  /* What stands in the row is again what is stored. */
  function takenBack(job) {
    var outcome = outcomeOf(job.entry.slug);
    forget(job);
    if (outcome && job.before) outcome.innerHTML = job.before.innerHTML;
    mark(job.entry.slug, "");
    sumUp();
  }

  function forget(job) {
    clearTimeout(job.timer);
    if (jobs[job.entry.slug] === job) delete jobs[job.entry.slug];
    store.remove(job.entry.slug);
  }

  function makeDue(job) {
    clearTimeout(job.timer);
    if (jobs[job.entry.slug] !== job || job === busy) return;
    job.status = "due";
    if (failures || blocked) tellWaiting(job);
    sendNext();
  }

  function leave(form) {
    var job = jobs[slugOf(form)];
    if (job && job.status === "typing") makeDue(job);
  }

  function press(form, by) {
    var job = jobOf(form);
    var entry = job.entry;
    entry.fields = rows.typed(form);
    entry.at = Date.now();
    entry.clear = Boolean(by) && by.name === "clear";
    job.isPressed = true;
    if (by && by.name === "keep") entry.version = by.value;
    store.put(entry);
    if (job === busy) return;
    job.status = "due";
    failures = 0;
    goOn();
  }

  /* ---- sending ---- */

  function sendNext() {
    if (busy || blocked || pause) return;
    var job = list().filter(function (one) { return one.status === "due"; })[0];
    if (job) send(job);
    sumUp();
  }

  function send(job) {
    var entry = job.entry;
    busy = job;
    job.status = "sending";
    job.wasPressed = job.isPressed;
    if (!entry.sent) entry.sent = { fields: entry.fields, clear: entry.clear };
    store.put(entry);
    tell(job, "saving", word("saving"));
    post(entry, !job.wasPressed).then(
      function (answer) {
        busy = null;
        take(job, answer);
        sumUp();
        sendNext();
      },
      function () {
        busy = null;
        lost(job);
        sumUp();
      }
    );
  }

  function post(entry, isTyping) {
    var body = new URLSearchParams();
    entry.sent.fields.forEach(function (field) {
      body.append(field[0], field[1]);
    });
    body.append("version", entry.version);
    if (entry.sent.clear) body.append("clear", "1");
    if (isTyping) body.append("typing", "1");
    return ask(entry.action, { method: "POST", body: body });
  }

  /* ``{status, text, header(name)}``; rejected when no whole answer came in time. */
  function ask(address, options) {
    var abort = window.AbortController ? new AbortController() : null;
    var timer = setTimeout(function () {
      if (abort) abort.abort();
    }, PATIENCE);
    options.credentials = "same-origin";
    options.cache = "no-store";
    options.headers = {
      "HX-Request": "true",
      "X-Page-User": root.getAttribute("data-user"),
      "X-CSRFToken": window.parIndex.session.token(),
      "X-Checklist": checklist,
    };
    if (abort) options.signal = abort.signal;
    return fetch(address, options)
      .then(function (response) {
        return response.text().then(function (text) {
          return {
            status: response.status,
            text: text,
            header: function (name) { return response.headers.get(name); },
          };
        });
      })
      .finally(function () {
        clearTimeout(timer);
      });
  }

  function take(job, answer) {
    var because = answer.header("X-Refusal");
    var isOurs = answer.header("X-Cell-Version") !== null;
    if (because === "another-person") stop("another", sentenceOf(answer), job);
    else if (because === "signed-out" || because === "csrf") askToSignIn(job);
    else if (answer.status === 200 && isOurs) saved(job, answer);
    else if (isTransient(answer, isOurs)) lost(job, answer.status >= 500);
    else refused(job, answer, isOurs);
  }

  /* An answer that is not the application's (a proxy's page) is no answer. */
  function isTransient(answer, isOurs) {
    var isRefusal = answer.status >= 400 && answer.status < 500;
    return !isRefusal || (!isOurs && (answer.status === 408 || answer.status === 429));
  }

  function saved(job, answer) {
    var entry = job.entry;
    var sent = entry.sent;
    var form = formBy(entry.slug);
    failures = renewals = 0;
    entry.sent = null;
    entry.version = answer.header("X-Cell-Version");
    checklist = answer.header("X-Checklist") || "";
    swap(entry.slug, answer.text);
    if (form && sent.clear && rows.isSame(rows.typed(form), sent.fields)) {
      rows.fill(form, []);
      entry.fields = rows.typed(form);
      sent.fields = entry.fields;
    }
    if (form) form.parStored = sent.fields;
    var now = form ? rows.typed(form) : entry.fields;
    var isCleared = entry.clear && !sent.clear;
    if (rows.isSame(now, sent.fields) && !isCleared) {
      forget(job);
      mark(entry.slug, "saved", "✓ " + answer.header("X-Saved-At"), word("mark-saved"));
    } else {
      entry.fields = now;
      entry.clear = isCleared;
      store.put(entry);
      wait(job);
    }
    announce(entry.slug, "row:saved", { slug: entry.slug, version: entry.version });
  }

  function refused(job, answer, isOurs) {
    var entry = job.entry;
    var sent = entry.sent;
    var form = formBy(entry.slug);
    var isCalm = answer.header("X-Incomplete") !== null;
    failures = renewals = 0;
    entry.sent = null;
    var isOfContent = answer.status === 422 || answer.status === 409;
    var isOlder = form && isOfContent && !rows.isSame(rows.typed(form), sent.fields);
    if (isOlder || (isCalm && job.isPressed && !job.wasPressed)) {
      // Something newer stands in the row already, or was pressed since: that counts.
      if (form) entry.fields = rows.typed(form);
      store.put(entry);
      wait(job);
      return;
    }
    store.put(entry);
    job.isPressed = false;
    if (answer.status === 409) job.status = "conflict";
    else if (isCalm) job.status = "incomplete";
    else job.status = answer.status === 422 ? "refused" : "closed";
    var kind = isCalm ? "pending" : job.status === "conflict" ? "choose" : "unsaved";
    if (isOurs) swap(entry.slug, answer.text);
    else say(entry.slug, "unsaved", word("refused") + " " + sentenceOf(answer), "now");
    mark(entry.slug, kind, word("mark-" + kind), "");
    announce(entry.slug, "row:unsaved", { slug: entry.slug, kind: job.status });
  }

  /* What was typed or pressed while a save was on its way. */
  function wait(job) {
    job.status = "typing";
    tell(job, "typing", word("typing"));
    clearTimeout(job.timer);
    var isNow = job.isPressed && !job.wasPressed;
    job.timer = setTimeout(function () { makeDue(job); }, isNow ? 0 : PAUSE_OF_TYPING);
  }

  /* No answer: the save may have been stored or not, so it is repeated as it was. */
  function lost(job, isServers) {
    job.status = "due";
    if (isServers) job.turn = turns += 1;
    if (isServers) job.entry.first = Date.now();
    store.put(job.entry);
    failures += 1;
    list().filter(isMoving).forEach(tellWaiting);
    clearTimeout(pause);
    pause = setTimeout(goOn, PAUSES[Math.min(failures, PAUSES.length) - 1]);
  }

  function tellWaiting(job) {
    tell(job, "unsent", word("unsent"), "now");
  }

  function goOn() {
    clearTimeout(pause);
    pause = null;
    sendNext();
  }

  function stop(kind, sentence, job) {
    if (job) job.status = "due";
    blocked = { kind: kind, sentence: sentence, action: kind === "session" ? "sign-in" : "reload" };
    list().filter(isMoving).forEach(tellWaiting);
  }

  /* A browser that keeps no cookies would be asked for ever: then it counts as a line
     that is down. */
  function askToSignIn(job) {
    renewals += 1;
    if (renewals > 2) {
      lost(job);
      return;
    }
    stop("session", word("session"), job);
    renew();
  }

  function renew() {
    window.parIndex.session.renew().then(
      unblock,
      function (why) {
        if (why.isAnother) stop("another", why.sentence);
        else if (why.isLine) {
          blocked = null;
          failures += 1;
          clearTimeout(pause);
          pause = setTimeout(goOn, PAUSES[Math.min(failures, PAUSES.length) - 1]);
        }
        sumUp();
      }
    );
  }

  function unblock() {
    if (!blocked || blocked.kind !== "session") return;
    blocked = null;
    failures = 0;
    goOn();
  }

  /* ---- answers into the page ---- */

  /* What had the focus keeps it, or what stands in its place gets it. */
  function swap(slug, text) {
    var row = document.getElementById("row-" + slug);
    var wasInLine = row && row.contains(document.activeElement);
    var wasInOutcome = outcomeOf(slug).contains(document.activeElement);
    isSwapping = true;
    window.htmx.swap(document.body, text, { swapStyle: "none", swapDelay: 0, settleDelay: 0 });
    isSwapping = false;
    row = document.getElementById("row-" + slug);
    var detail = document.getElementById("detail-" + slug);
    if (row && detail) row.classList.toggle("is-open", !detail.hidden);
    var next = wasInLine ? toggleOf(slug) : wasInOutcome && formBy(slug).querySelector("[type=submit]");
    if (next) next.focus({ preventScroll: true });
  }

  function sentenceOf(answer) {
    var page = new DOMParser().parseFromString(answer.text, "text/html");
    var told = page.querySelector(".notice p:not(.notice-kind)");
    return told ? told.textContent : word("refused-plain").replace("{n}", answer.status);
  }

  function announce(slug, name, detail) {
    var form = formBy(slug);
    if (form) form.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: detail }));
  }

  /* The row as it is stored, in place of what is typed. */
  function takeStored(slug) {
    var form = formBy(slug);
    if (!form || (busy && busy.entry.slug === slug)) return;
    ask(form.getAttribute("action"), { method: "GET" }).then(
      function (answer) {
        if (answer.status === 200 && answer.header("X-Cell-Version") !== null) {
          putStored(slug, answer);
        } else if (answer.header("X-Refusal") === "signed-out") {
          document.dispatchEvent(new CustomEvent("session:ended"));
        } else {
          say(slug, "unsaved", sentenceOf(answer));
        }
      },
      function () {
        say(slug, "unsaved", word("unreachable"));
      }
    );
  }

  function putStored(slug, answer) {
    if (jobs[slug]) forget(jobs[slug]);
    var group = document.getElementById("group-" + slug);
    window.htmx.swap(group, answer.text, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    var toggle = toggleOf(slug);
    if (toggle) toggle.focus({ preventScroll: true });
    announce(slug, "row:saved", { slug: slug, version: answer.header("X-Cell-Version") });
    sumUp();
    sendNext();
  }

  /* ---- what people do ---- */

  /* Before app.js hears of it: leaving is warned of here, until the row is stored. */
  document.addEventListener(
    "input",
    function (event) {
      var form = formOf(event.target);
      if (form) form.removeAttribute("data-warn-unsaved");
    },
    true
  );

  document.addEventListener("input", function (event) {
    var form = formOf(event.target);
    if (form && !rows.isTick(event.target)) edit(form, false);
  });

  document.addEventListener("change", function (event) {
    var form = formOf(event.target);
    if (!form) return;
    rows.keepApart(form, event.target);
    edit(form, rows.isTick(event.target));
  });

  document.addEventListener("focusout", function (event) {
    var form = formOf(event.target);
    if (form && !form.contains(event.relatedTarget)) leave(form);
  });

  var lastPressed = null;

  document.addEventListener(
    "click",
    function (event) {
      lastPressed = event.target.closest && event.target.closest("button");
    },
    true
  );

  /* In the capturing phase, so that htmx does not send the form as well. */
  document.addEventListener(
    "submit",
    function (event) {
      if (!event.target.classList.contains("row-form")) return;
      event.preventDefault();
      event.stopPropagation();
      var by = event.submitter || lastPressed;
      press(event.target, by && by.form === event.target ? by : null);
    },
    true
  );

  document.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    var link = event.target.closest("[data-take]");
    if (link && formBy(link.getAttribute("data-take"))) {
      event.preventDefault();
      takeStored(link.getAttribute("data-take"));
      return;
    }
    var pressed = event.target.closest("[data-saving-act]");
    if (pressed) ACTS[pressed.getAttribute("data-saving-act")](pressed);
  });

  var ACTS = {
    now: function () {
      failures = 0;
      list().forEach(function (job) {
        if (job.status === "closed") job.status = "due";
      });
      goOn();
    },
    "sign-in": renew,
    reload: function () {
      window.location.reload();
    },
    held: function () {
      var job = list().filter(function (one) { return !isMoving(one); })[0];
      var toggle = job && toggleOf(job.entry.slug);
      if (!toggle) return;
      if (toggle.getAttribute("aria-expanded") === "false") toggle.click();
      toggle.scrollIntoView({ block: "center" });
      toggle.focus({ preventScroll: true });
    },
    discard: function (pressed) {
      var item = pressed.closest("li");
      store.remove(item.getAttribute("data-slug"));
      item.parentNode.removeChild(item);
      if (!left.querySelector("li")) left.hidden = true;
    },
  };

  window.addEventListener("online", function () {
    failures = 0;
    goOn();
    sumUp();
  });

  document.addEventListener("session:renewed", unblock);

  /* Others replace the checklist, too. */
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    if (!isSwapping && event.target.id === "checklist") checklist = "";
  });

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) return;
    list().forEach(function (job) {
      if (job.status === "typing") makeDue(job);
    });
  });

  window.addEventListener("beforeunload", function (event) {
    if (!Object.keys(jobs).length) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* A page that comes back from the browser's memory may have lost its entries to
     another window; what is stored is then read anew. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) window.location.reload();
  });

  /* ---- what a closed page left here ---- */

  var left = document.getElementById("saving-left");

  function restore(entry) {
    var form = formBy(entry.slug);
    if (!form) {
      showLeft(entry);
      return;
    }
    if (jobs[entry.slug]) {
      // The row was changed again before this was found: the older goes first.
      var job = jobs[entry.slug];
      if (!job.entry.sent) {
        job.entry.sent = entry.sent || { fields: entry.fields, clear: entry.clear };
        job.entry.version = entry.version;
        store.put(job.entry);
      }
      return;
    }
    var made = jobOf(form);
    rows.fill(form, entry.fields);
    form.removeAttribute("data-warn-unsaved");
    entry.name = made.entry.name;
    entry.action = made.entry.action;
    made.entry = entry;
    store.put(entry);
    form.dispatchEvent(new CustomEvent("row:edited", { bubbles: true }));
    tell(made, "unsent", word("restored"));
    makeDue(made);
    sumUp();
  }

  /* The sheet is closed now, so there is no form for it: it can still be read. */
  function showLeft(entry) {
    store.put(entry);
    var item = document.createElement("li");
    item.setAttribute("data-slug", entry.slug);
    var name = document.createElement("strong");
    name.textContent = entry.name;
    item.appendChild(name);
    var texts = entry.fields
      .map(function (field) { return field[1].trim(); })
      .filter(Boolean);
    item.appendChild(document.createTextNode(": " + texts.join("; ") + " "));
    item.appendChild(button("discard", word("discard")));
    var entries = left.querySelector("ul") || left.appendChild(document.createElement("ul"));
    entries.appendChild(item);
    left.hidden = false;
  }

  store.adopt(restore);
})();
