/* Second Order: the block of a thank-you page. Put a script tag where it is to stand:
   <script src="https://YOUR-HOST/thanks.js" data-block="https://YOUR-HOST/thanks/TOKEN" async></script>
   Everything that comes from outside is set as text; links lead to web pages only. */
(function () {
  "use strict";
  var script = document.currentScript;
  var address = script && script.getAttribute("data-block");
  if (!address || !/^https?:\/\//.test(address)) return;

  function element(name, kind, text) {
    var made = document.createElement(name);
    made.className = "second-order-" + kind;
    if (text) made.textContent = text;
    return made;
  }

  function clicked(target) {
    fetch(address + "/clicks?target=" + encodeURIComponent(target),
      { method: "POST", mode: "no-cors", credentials: "omit", keepalive: true }).catch(function () {});
  }

  function link(url, text, target) {
    var made = element("a", "link", text);
    if (!/^https?:\/\//.test(url)) return element("span", "link", text);
    made.setAttribute("href", url);
    made.setAttribute("rel", "noopener");
    made.addEventListener("click", function () { clicked(target); });
    return made;
  }

  function part(box, kind, title) {
    var made = element("section", kind);
    made.appendChild(element("h2", "title", title));
    box.appendChild(made);
    return made;
  }

  function goods(box, block) {
    var list = element("ul", "list");
    part(box, "goods", block.words.goods).appendChild(list);
    block.goods.forEach(function (one) {
      var row = element("li", "item");
      if (/^https?:\/\//.test(one.image_url)) {
        var picture = element("img", "picture");
        picture.setAttribute("src", one.image_url);
        picture.setAttribute("alt", "");
        picture.setAttribute("loading", "lazy");
        row.appendChild(picture);
      }
      row.appendChild(link(one.url, one.title, "goods:" + one.sku));
      row.appendChild(element("span", "price", one.price_text));
      row.appendChild(element("span", "because", one.because));
      list.appendChild(row);
    });
  }

  function code(box, block) {
    var made = part(box, "code", block.words.code);
    var shown = element("strong", "word", block.code.code);
    shown.addEventListener("click", function () { clicked("code"); });
    made.appendChild(shown);
    made.appendChild(element("p", "more", block.words.code_more));
  }

  function socials(box, block) {
    var list = element("ul", "list");
    part(box, "socials", block.words.socials).appendChild(list);
    block.socials.forEach(function (one) {
      var row = element("li", "item");
      row.appendChild(link(one.url, one.name, "social:" + one.network));
      list.appendChild(row);
    });
  }

  function share(box, block) {
    var made = part(box, "share", block.words.share);
    made.appendChild(element("p", "more", block.words.share_more));
    made.appendChild(link(block.share.url, block.share.url, "share"));
  }

  fetch(address, { credentials: "omit" })
    .then(function (answer) { return answer.ok ? answer.json() : null; })
    .then(function (block) {
      if (!block || !(block.goods.length || block.code || block.socials.length || block.share)) return;
      var box = element("div", "thanks");
      box.setAttribute("lang", block.language);
      if (block.goods.length) goods(box, block);
      if (block.code) code(box, block);
      if (block.socials.length) socials(box, block);
      if (block.share) share(box, block);
      script.parentNode.insertBefore(box, script);
    })
    .catch(function () {});
})();
