// The console works without this script. It adds keys, dialogs and the marks of a running request.
(function () {
  "use strict";
  var going = false, timer = 0;

  function typing(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  }

  function rows() { return Array.from(document.querySelectorAll("[data-row]")); }

  function move(step) {
    var all = rows(), at = all.indexOf(document.activeElement);
    var next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
      if (event.key === "Escape" && typing(event.target)) event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (going) {
      going = false;
      clearTimeout(timer);
      var link = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    var search = document.getElementById("search"), help = document.getElementById("help");
    switch (event.key) {
      case "/":
        if (!search) return;
        search.focus();
        search.select();
        break;
      case "g":
        going = true;
        timer = setTimeout(function () { going = false; }, 1500);
        break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "?": if (help) help.showModal(); break;
      default: return;
    }
    event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    var open = event.target.closest("[data-open]"), close = event.target.closest("[data-close]");
    if (open) {
      var dialog = document.getElementById(open.dataset.open);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if (close) {
      var closed = close.closest("dialog,.toast");
      if (closed && closed.tagName === "DIALOG") closed.close();
      else if (closed) closed.remove();
    }
  });

  // A form is sent once. A page that is restored from the browser's cache can send it again.
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method === "get") return;
    if (event.target.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    event.target.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[aria-busy]").forEach(function (form) { form.removeAttribute("aria-busy"); });
  });
})();
