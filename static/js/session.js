/*
 * The session of a page that stands open. When it has ended, a dialog asks for the
 * password in place; when only the token against forged requests was renewed in another
 * window, the page gets the new one in silence.
 *
 *   parIndex.session.token()   the token to send as X-CSRFToken
 *   parIndex.session.renew()   calls nobody leaves: a promise that resolves when the
 *                              page's own person is signed in again, and is rejected
 *                              with {sentence} when another person is, or when the
 *                              question was put off
 *
 * Other scripts may also send the event "session:ended" to the document and wait for
 * "session:renewed". An answer to htmx that is refused for one of these reasons does so.
 */
(function () {
  "use strict";

  var dialog = document.getElementById("session-dialog");
  if (!dialog) return;

  var form = dialog.querySelector("form");
  var password = form.elements.password;
  var trouble = dialog.querySelector("[data-trouble]");
  var asked = null;
  var current = ""; // the token, once it was renewed

  function token() {
    var input = document.querySelector("input[name=csrfmiddlewaretoken]");
    return current || (input ? input.value : "");
  }

  function setToken(value) {
    current = value;
    Array.prototype.forEach.call(
      document.querySelectorAll("input[name=csrfmiddlewaretoken]"),
      function (input) {
        input.value = value;
      }
    );
    var headers = {};
    try {
      headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    } catch (notOurs) {
      headers = {};
    }
    headers["X-CSRFToken"] = value;
    document.body.setAttribute("hx-headers", JSON.stringify(headers));
  }

  function request(body) {
    var headers = { "HX-Request": "true", "X-Requested-With": "XMLHttpRequest" };
    if (body) headers["X-CSRFToken"] = token();
    return fetch(dialog.getAttribute("data-session"), {
      method: body ? "POST" : "GET",
      body: body,
      headers: headers,
      credentials: "same-origin",
      cache: "no-store",
    });
  }

  /* ``{user, token}`` of the browser now; rejected when the server does not answer. */
  function state() {
    return request(null).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  function say(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function show() {
    if (dialog.open) return;
    say("");
    form.reset();
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    password.focus();
  }

  function hide() {
    if (dialog.close) dialog.close();
    else dialog.removeAttribute("open");
  }

  function settle(how, value) {
    var settled = asked;
    asked = null;
    hide();
    if (!settled) return;
    settled[how](value);
    if (how === "resolve") document.dispatchEvent(new CustomEvent("session:renewed"));
  }

  function accept(answer) {
    var isAnother = answer.user !== null && String(answer.user) !== dialog.getAttribute("data-user");
    // With another person's token this page would go on writing in that person's name.
    if (!isAnother) setToken(answer.token);
    if (answer.user === null) show();
    else if (!isAnother) settle("resolve");
    else settle("reject", { sentence: dialog.getAttribute("data-another"), isAnother: true });
  }

  function renew() {
    if (asked) return asked.promise;
    asked = {};
    asked.promise = new Promise(function (resolve, reject) {
      asked.resolve = resolve;
      asked.reject = reject;
    });
    var promise = asked.promise;
    state().then(accept, function () {
      settle("reject", { isLine: true });
    });
    return promise;
  }

  function signIn() {
    var button = form.querySelector("[type=submit]");
    var isRepeat = false;
    button.disabled = true;
    function post() {
      var body = new URLSearchParams();
      body.set("username", form.elements.username.value);
      body.set("password", password.value);
      return request(body).then(judge);
    }
    function judge(answer) {
      if (answer.ok) return answer.json().then(accept);
      if (answer.headers.get("X-Refusal") === "csrf" && !isRepeat) {
        isRepeat = true;
        return state().then(function (now) {
          if (now.user !== null) return accept(now);
          setToken(now.token);
          return post();
        });
      }
      if (answer.status === 429) return say(dialog.getAttribute("data-locked"));
      if (answer.status !== 422 && answer.status !== 409) throw new Error(String(answer.status));
      return answer.json().then(function (told) {
        say(told.error);
        password.select();
      });
    }
    post()
      .catch(function () {
        say(dialog.getAttribute("data-line"));
      })
      .then(function () {
        button.disabled = false;
      });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    signIn();
  });

  dialog.addEventListener("click", function (event) {
    if (event.target.closest("[data-later]")) hide();
  });

  /* Escape and "later" are the same: nothing is sent until it is asked for again. */
  dialog.addEventListener("close", function () {
    if (asked) settle("reject", { isLater: true });
  });

  function renewQuietly() {
    renew().catch(function () {
      /* Whoever sent something says by itself that it is not stored. */
    });
  }

  document.addEventListener("session:ended", renewQuietly);
  document.addEventListener("htmx:responseError", function (event) {
    var because = event.detail.xhr.getResponseHeader("X-Refusal");
    if (because === "signed-out" || because === "csrf") renewQuietly();
  });

  window.parIndex = window.parIndex || {};
  window.parIndex.session = { token: token, renew: renew };
})();
