// The start of `touch.js` and of `player.js`. JupyterLab tells by its tab's icon whether a kernel works, and asks the server
// for the file anew with each message: while pictures follow each other that is a good part of all work.
// So the icon rests meanwhile, and changes again a second after the last message. It never rests as busy.

let resting = null;

function rest_icon() {
    const rename = (one, other) => document.querySelectorAll(`link.${one}`).forEach(
        link => link.classList.replace(one, other));
    if (document.querySelector("link.idle.favicon[rel=icon]")) rename("favicon", "kan-edu-rests");
    clearTimeout(resting);
    resting = setTimeout(rename, 1000, "kan-edu-rests", "favicon");
}

// Sliders send their own messages: from the press on, before the kernel is busy with them.
function rest_icon_with(box) {
    for (const what of ["pointerdown", "pointermove", "keydown"])
        box.addEventListener(what, event => (what !== "pointermove" || event.buttons) && rest_icon(), true);
}

