/*
 * Files are brought by dropping, choosing or pasting them; each travels alone, with a
 * progress bar, and can be cancelled and sent again. Without script the same addresses
 * take a form with several files.
 *
 *   [data-upload-to]       where files may be dropped; POST there stores one file and
 *                          answers JSON {document, title, is_known, details, line, list}
 *   #upload-tools          the words and limits, once per page (scoring/evidence/_tools)
 *   #upload-zone, #upload-line
 *                          templates of the zone and of the line of one file
 *   form.evidence-details  saves itself when a field was changed, and says so
 *
 * On the place where files were dropped "evidence:changed" is raised (it bubbles) when
 * what is stored there has changed.
 */
(function () {
  "use strict";

  var AT_ONCE = 3;
  var STALLED_AFTER = 60000;

  var tools = document.getElementById("upload-tools");
  var zoneTemplate = document.getElementById("upload-zone");
  var lineTemplate = document.getElementById("upload-line");
  var news = document.getElementById("upload-news");
  if (!tools || !zoneTemplate || !lineTemplate || !window.FormData) return;

  var zones = {};
  var queue = [];
  var travelling = 0;

  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }

  function word(name, values) {
    var text = tools.getAttribute("data-" + name) || "";
    Object.keys(values || {}).forEach(function (key) {
      text = text.split("{" + key + "}").join(values[key]);
    });
    return text;
  }

  /* Each place asks for itself: of several requests of one element htmx keeps the last. */
  function bring(address, place, swap) {
    return window.htmx.ajax("GET", address, { source: place, target: place, swap: swap });
  }

  /* What the page sends with each request: the token, and whose page it is. */
  function setPageHeaders(request) {
    var headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    Object.keys(headers).forEach(function (name) {
      request.setRequestHeader(name, headers[name]);
    });
  }

  function clock() {
    var now = new Date();
    return ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
  }

  /* ---- zones: one beside the evidence of a row, one above the library ---- */

  function Zone(to) {
    this.to = to;
    this.root = null;
    this.lines = [];
    this.isRefreshing = this.needsRefresh = false;
    this.element = zoneTemplate.content.firstElementChild.cloneNode(true);
    this.list = this.element.querySelector(".upload-lines");
    this.listen();
  }

  Zone.prototype.listen = function () {
    var zone = this;
    var input = this.element.querySelector("input[type=file]");
    this.element.querySelector("[data-pick]").addEventListener("click", function () {
      input.click();
    });
    input.addEventListener("change", function () {
      zone.take(input.files);
      input.value = "";
    });
  };

  Zone.prototype.settle = function (root) {
    this.root = root;
    if (this.element.parentNode !== root) root.appendChild(this.element);
    root.classList.add("has-zone");
    each(this.element.querySelectorAll("[data-part]"), function (button) {
      button.hidden = !root.querySelector(".evidence-work");
    });
  };

  Zone.prototype.take = function (files) {
    var zone = this;
    each(files, function (file) {
      var line = new Line(zone, file);
      zone.lines.push(line);
      zone.list.appendChild(line.element);
      line.begin();
    });
  };

  /* The list is asked for once at a time, and once more when it changed meanwhile. */
  Zone.prototype.refresh = function (list) {
    var zone = this;
    if (!list || !window.htmx) return;
    if (this.isRefreshing) {
      this.needsRefresh = true;
      return;
    }
    this.isRefreshing = true;
    function goOn() {
      zone.isRefreshing = false;
      zone.root.dispatchEvent(new CustomEvent("evidence:changed", { bubbles: true }));
      if (!zone.needsRefresh) return;
      zone.needsRefresh = false;
      zone.refresh(list);
    }
    window.htmx.ajax("GET", list, { source: this.root, swap: "none" }).then(goOn, goOn);
  };

  /* When the last file of a zone is through, those who do not see it are told. */
  Zone.prototype.tell = function () {
    var isBusy = this.lines.some(function (line) {
      return /^(waiting|checking|sending|storing)$/.test(line.state);
    });
    if (isBusy) return;
    var fresh = this.lines.filter(function (line) {
      return !line.isTold;
    });
    var stored = fresh.filter(function (line) {
      return line.state === "stored";
    });
    var troubled = fresh.filter(function (line) {
      return /^(refused|lost)$/.test(line.state);
    });
    fresh.forEach(function (line) {
      line.isTold = true;
    });
    var said = [];
    if (stored.length) said.push(counted("told-stored", stored.length));
    if (troubled.length) said.push(counted("told-refused", troubled.length));
    if (said.length && news) news.textContent = said.join(" ");
  };

  function counted(name, number) {
    return word(name + (number === 1 ? "-one" : "-many"), { number: number });
  }

  function prepare() {
    each(document.querySelectorAll("[data-upload-to]"), function (root) {
      if (root.offsetParent !== null) zoneOf(root);
    });
  }

  function zoneOf(root) {
    var to = root.getAttribute("data-upload-to");
    if (!zones[to]) zones[to] = new Zone(to);
    if (!root.contains(zones[to].element)) zones[to].settle(root);
    return zones[to];
  }

  /* ---- one file on its way ---- */

  function Line(zone, file) {
    this.zone = zone;
    this.file = file;
    this.request = null;
    this.known = null;
    this.attempt = 0;
    this.isTold = false;
    this.element = lineTemplate.content.firstElementChild.cloneNode(true);
    this.bar = this.element.querySelector("progress");
    this.saying = this.element.querySelector(".upload-state");
    this.element.querySelector(".upload-name").textContent = file.name;
    this.bar.setAttribute("aria-label", word("progress-of", { name: file.name }));
    this.listen();
  }

  Line.prototype.listen = function () {
    var line = this;
    each(this.element.querySelectorAll("button"), function (button) {
      var name = document.createElement("span");
      name.className = "visually-hidden";
      name.textContent = " " + line.file.name;
      button.appendChild(name);
      button.addEventListener("click", function () {
        line[button.getAttribute("data-act")]();
      });
    });
  };

  var BUTTONS = {
    waiting: ["cancel"],
    checking: ["cancel"],
    sending: ["cancel"],
    storing: [],
    stored: ["dismiss"],
    known: ["use", "dismiss"],
    here: ["dismiss"],
    refused: ["dismiss"],
    lost: ["retry", "dismiss"],
    cancelled: ["retry", "dismiss"],
  };

  Line.prototype.become = function (state, sentence) {
    var hadFocus = this.element.contains(document.activeElement);
    var shown = BUTTONS[state];
    this.state = state;
    this.element.setAttribute("data-state", state);
    this.saying.textContent = sentence;
    this.bar.hidden = !/^(sending|storing|waiting|checking)$/.test(state);
    each(this.element.querySelectorAll("button[data-act]"), function (button) {
      button.hidden = shown.indexOf(button.getAttribute("data-act")) < 0;
    });
    if (hadFocus && document.activeElement === document.body) {
      var next = this.element.querySelector("button:not([hidden])");
      if (next) next.focus();
    }
  };

  Line.prototype.begin = function () {
    var trouble = faultOf(this.file);
    this.bar.value = 0;
    if (trouble) {
      this.become("refused", trouble);
      this.zone.tell();
      return;
    }
    this.isTold = false;
    this.become("waiting", word("waiting"));
    queue.push(this);
    pump();
  };

  /* What the server would refuse anyway need not travel over a weak line. */
  function faultOf(file) {
    var limit = Number(tools.getAttribute("data-max-bytes"));
    var kinds = tools.getAttribute("data-kinds").split(",");
    var parts = file.name.toLowerCase().split(".");
    var kind = parts.length > 1 ? parts.pop() : "";
    if (kinds.indexOf(kind) < 0) return word("wrong-kind", { name: file.name });
    if (file.size === 0) return word("empty", { name: file.name });
    if (limit && file.size > limit) return word("too-large", { name: file.name });
    return "";
  }

  function pump() {
    while (travelling < AT_ONCE && queue.length) queue.shift().go();
  }

  Line.prototype.go = function () {
    var line = this;
    var attempt = (this.attempt += 1);
    travelling += 1;
    this.become("checking", word("checking"));
    this.recognise().then(function (known) {
      if (line.state !== "checking" || line.attempt !== attempt) return;
      if (known) line.offer(known);
      else line.send();
    });
  };

  Line.prototype.leave = function (state, sentence) {
    travelling -= 1;
    this.request = null;
    this.become(state, sentence);
    this.zone.tell();
    pump();
  };

  /* ---- the same content, recognised before it travels ---- */

  Line.prototype.recognise = function () {
    var address = tools.getAttribute("data-known");
    if (!address || !window.crypto || !window.crypto.subtle) return Promise.resolve(null);
    return read(this.file)
      .then(function (content) {
        return window.crypto.subtle.digest("SHA-256", content);
      })
      .then(function (digest) {
        return ask(address + "?sha256=" + hex(digest));
      })
      .then(
        function (answer) {
          return answer.document ? answer : null;
        },
        function () {
          return null; /* Then the server recognises it when it has come. */
        }
      );
  };

  function read(file) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onload = function () {
        resolve(reader.result);
      };
      reader.onerror = reject;
      reader.readAsArrayBuffer(file);
    });
  }

  function hex(buffer) {
    return Array.prototype.map
      .call(new Uint8Array(buffer), function (byte) {
        return ("0" + byte.toString(16)).slice(-2);
      })
      .join("");
  }

  function ask(address) {
    return new Promise(function (resolve, reject) {
      var request = new XMLHttpRequest();
      request.open("GET", address);
      request.setRequestHeader("Accept", "application/json");
      request.timeout = 15000;
      request.onload = function () {
        var answer = answerOf(request);
        if (request.status === 200 && answer) resolve(answer);
        else reject(request);
      };
      request.onerror = request.ontimeout = reject;
      request.send();
    });
  }

  Line.prototype.offer = function (known) {
    var isUseful = Boolean(this.zone.root.querySelector(".evidence-work"));
    this.known = known;
    this.leave(isUseful ? "known" : "here", word(isUseful ? "known-already" : "here", known));
  };

  Line.prototype.use = function () {
    this.isTold = false;
    travelling += 1;
    this.send(this.known);
  };

  /* ---- sending ---- */

  /* Sends the file; or of one that is stored already, only which one it is. */
  Line.prototype.send = function (known) {
    var line = this;
    var request = (this.request = new XMLHttpRequest());
    var form = new FormData();
    var guard = null;
    if (known) form.append("known", known.document);
    else form.append("upload", this.file, this.file.name);

    function watch() {
      clearTimeout(guard);
      guard = setTimeout(function () {
        request.abort();
        line.leave("lost", word("lost"));
      }, STALLED_AFTER);
    }

    function done(act) {
      return function () {
        clearTimeout(guard);
        if (line.request === request) act();
      };
    }

    request.open("POST", this.zone.to);
    request.setRequestHeader("Accept", "application/json");
    setPageHeaders(request);
    request.upload.onprogress = function (event) {
      watch();
      if (!event.lengthComputable || line.request !== request) return;
      var percent = Math.floor((100 * event.loaded) / event.total);
      line.bar.value = percent;
      line.saying.textContent = word("sending", { percent: percent });
    };
    request.upload.onload = function () {
      if (line.request === request) line.become("storing", word("storing"));
    };
    request.onload = done(function () {
      line.answered(request);
    });
    request.onerror = done(function () {
      line.leave("lost", word("lost"));
    });
    this.become("sending", word("sending", { percent: 0 }));
    watch();
    request.send(form);
  };

  function answerOf(request) {
    var kind = request.getResponseHeader("Content-Type") || "";
    if (kind.indexOf("application/json") < 0) return null;
    try {
      return JSON.parse(request.responseText);
    } catch (noJson) {
      return null;
    }
  }

  Line.prototype.answered = function (request) {
    var answer = answerOf(request);
    var isDone = answer && answer.document && request.status < 300;
    if (isDone) return this.stored(answer);
    /* The file store does not answer now: nothing is wrong with the file. */
    if (answer && answer.error && request.status === 503) return this.leave("lost", answer.error);
    if (answer && answer.error) return this.leave("refused", answer.error);
    if (request.status === 413) return this.leave("refused", word("too-large", { name: this.file.name }));
    /* A page instead of an answer: the sign-in page, or one that says so. */
    if (request.status < 500) return this.leave("lost", word("signed-out"));
    return this.leave("lost", word("failed"));
  };

  Line.prototype.stored = function (answer) {
    var zone = this.zone;
    var place = this.element.querySelector(".upload-details");
    var sentence = answer.is_known ? "used" : "stored";
    this.file = null;
    this.leave("stored", word(sentence, answer));
    if (answer.line) addToLibrary(answer);
    else zone.refresh(answer.list);
    if (answer.details && window.htmx && !document.getElementById(answer.form)) {
      bring(answer.details, place, "innerHTML");
    }
  };

  var adding = Promise.resolve();

  /* In the library a document gets its own lines, the newest first, one after the other. */
  function addToLibrary(answer) {
    function add() {
      var head = document.querySelector("#library-table thead");
      if (!head || !window.htmx || document.getElementById("document-" + answer.document)) return;
      var shown = new URLSearchParams(location.search).get("show") || "";
      var address = answer.line + "&show=" + encodeURIComponent(shown);
      return bring(address, head, "afterend").then(function () {
        var empty = document.getElementById("library-empty");
        if (empty) empty.hidden = true;
        head.closest(".table-scroll").hidden = false;
      });
    }
    adding = adding.then(add, add);
  }

  Line.prototype.cancel = function () {
    var request = this.request;
    this.request = null;
    if (request) request.abort();
    var place = queue.indexOf(this);
    if (place >= 0) {
      queue.splice(place, 1);
      this.become("cancelled", word("cancelled"));
      return;
    }
    this.leave("cancelled", word("cancelled"));
  };

  Line.prototype.retry = function () {
    if (this.file) this.begin();
  };

  Line.prototype.dismiss = function () {
    var line = this;
    var neighbour = this.element.nextElementSibling || this.element.previousElementSibling;
    this.zone.lines = this.zone.lines.filter(function (other) {
      return other !== line;
    });
    this.element.parentNode.removeChild(this.element);
    var next = neighbour && neighbour.querySelector("button:not([hidden])");
    (next || this.zone.element.querySelector("[data-pick]")).focus();
  };

  function everyLine(act) {
    Object.keys(zones).forEach(function (to) {
      zones[to].lines.slice().forEach(act);
    });
  }

  window.addEventListener("online", function () {
    everyLine(function (line) {
      if (line.state === "lost") line.retry();
    });
  });

  window.addEventListener("beforeunload", function (event) {
    var waits = false;
    everyLine(function (line) {
      if (/^(waiting|checking|sending|storing|lost)$/.test(line.state)) waits = true;
    });
    if (!waits) return;
    event.preventDefault();
    event.returnValue = "";
  });

  /* ---- dropping and pasting ---- */

  function bringsFiles(event) {
    var types = (event.dataTransfer && event.dataTransfer.types) || [];
    return Array.prototype.indexOf.call(types, "Files") >= 0;
  }

  function rootAt(target) {
    if (!(target instanceof Element)) return null;
    var root = target.closest("[data-upload-to]");
    if (root) return root;
    var group = target.closest("tbody.row-group");
    var inGroup = group && group.querySelector("[data-upload-to]");
    return inGroup || document.querySelector(".library-upload[data-upload-to]");
  }

  var dragged = null;

  function highlight(root) {
    if (dragged === root) return;
    if (dragged) dragged.classList.remove("is-dropping");
    if (root) root.classList.add("is-dropping");
    dragged = root;
  }

  /* A file that is dropped beside the mark must not replace the page. */
  document.addEventListener("dragover", function (event) {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    var root = rootAt(event.target);
    var isOpen = root && root.offsetParent !== null;
    event.dataTransfer.dropEffect = isOpen ? "copy" : "none";
    highlight(isOpen ? root : null);
  });

  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget) highlight(null);
  });

  document.addEventListener("drop", function (event) {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    var root = rootAt(event.target);
    highlight(null);
    if (root && root.offsetParent !== null) zoneOf(root).take(event.dataTransfer.files);
  });

  document.addEventListener("paste", function (event) {
    var brought = event.clipboardData;
    var root = rootAt(document.activeElement);
    var isText = brought && Array.prototype.indexOf.call(brought.types, "text/plain") >= 0;
    if (!brought || isText || !brought.files.length) return;
    if (!root || root.offsetParent === null) return;
    event.preventDefault();
    zoneOf(root).take(Array.prototype.map.call(brought.files, named));
  });

  /* A picture of the screen is pasted without a name that says anything. */
  function named(file) {
    if (file.name !== "image.png") return file;
    var name = word("pasted", { time: clock().replace(":", "-") }) + ".png";
    return new File([file], name, { type: file.type });
  }

  /* ---- the other ways: a link, a document of the library ---- */

  document.addEventListener("click", function (event) {
    var button = event.target instanceof Element && event.target.closest("[data-part]");
    if (!button || !window.htmx) return;
    var root = button.closest("[data-upload-to]");
    var work = root.querySelector(".evidence-work");
    var address = root.getAttribute("data-upload-to") + button.getAttribute("data-part");
    bring(address, work, "innerHTML").then(function () {
      var first = work.querySelector("input:not([type=hidden]), button");
      if (first) first.focus();
    });
  });

  /* What was attached needs its form no more. */
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (!event.detail.successful || !form.matches || !form.matches("form[data-clears]")) return;
    close(form.closest(".evidence-card"));
  });

  /* A work place opens with what comes into it; a document has one form on the page. */
  document.addEventListener("htmx:afterSwap", function (event) {
    var place = event.detail.target;
    if (!place || !place.matches || !place.matches(".evidence-work, .upload-details")) return;
    var row = place.closest("tr.is-detail");
    if (row) row.hidden = false;
    each(place.querySelectorAll("form.evidence-details"), function (form) {
      each(document.querySelectorAll("form.evidence-details"), function (other) {
        if (other !== form && other.id === form.id) other.parentNode.removeChild(other);
      });
    });
  });

  document.addEventListener("click", function (event) {
    var edits = event.target instanceof Element && event.target.closest("[data-edits]");
    if (!edits) return;
    var group = edits.closest("tbody");
    var open = group.querySelector(".document-card");
    if (!open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close(open);
  }, true);

  document.addEventListener("click", function (event) {
    var closer = event.target instanceof Element && event.target.closest("[data-closes]");
    if (!closer) return;
    close(closer.closest(closer.getAttribute("data-closes")));
  });

  function close(card) {
    if (!card) return;
    var whole = card.closest(".document-card") || card;
    var root = whole.closest("[data-upload-to]") || whole.closest(".row-group");
    var row = whole.closest(".library-row");
    whole.parentNode.removeChild(whole);
    if (row) row.hidden = true;
    var back = root && root.querySelector("[data-pick], [data-edits], button");
    if (back) back.focus();
  }

  /* ---- details save themselves, and say so ---- */

  function stateOf(form) {
    return form.querySelector(".save-state");
  }

  function say(form, kind, text) {
    var state = stateOf(form);
    if (!state) return;
    state.className = "save-state " + kind;
    state.textContent = text;
  }

  function isDetails(event) {
    var form = event.detail.elt;
    return form && form.classList && form.classList.contains("evidence-details") && form;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = isDetails(event);
    if (form) say(form, "is-saving", word("saving"));
  });

  document.addEventListener("htmx:sendError", function (event) {
    var form = isDetails(event);
    if (!form) return;
    form.setAttribute("data-unsent", "");
    say(form, "is-unsaved", word("unsent"));
  });

  document.addEventListener("htmx:responseError", function (event) {
    var form = isDetails(event);
    var isSpoken = /^(403|409|422|429|503)$/.test(String(event.detail.xhr.status));
    if (form && !isSpoken) say(form, "is-unsaved", word("failed"));
  });

  window.addEventListener("online", function () {
    each(document.querySelectorAll("form.evidence-details[data-unsent]"), function (form) {
      form.removeAttribute("data-unsent");
      window.htmx.trigger(form, "submit");
    });
  });

  /* ---- begin ---- */

  document.addEventListener("row:opened", prepare);
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("focusin", function (event) {
    var root = rootAt(event.target);
    if (root && root.offsetParent !== null) zoneOf(root);
  });
  prepare();
})();
