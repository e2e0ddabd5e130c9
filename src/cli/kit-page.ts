/** The emergency kit as a page for paper. */
import { escapeControls } from "./escape.ts";
import type { Kit } from "./kit.ts";
import { qrSvg } from "./qr.ts";
import { shellWord } from "./shell-word.ts";

/** The kit as one page of HTML that needs nothing else: no script, no font, no image from elsewhere. */
export async function kitPage(kit: Kit): Promise<string> {
  const { vaultId, day, code } = kit;
  const path = markup(kit.path);
  const name = markup(shellWord(kit.path.split(/[\\/]/).at(-1) ?? ""));
  const groups = code.split("-").map((group) => `<b>${group}</b>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Emergency kit for ${name}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Emergency kit</h1>
<p>Whoever has this page and a copy of the vault file can read every password in it. Print it, keep the
paper where only you and the people you trust find it, and delete this file.</p>
<table>
<tr><th>Vault</th><td>${path}</td></tr>
<tr><th>Vault id</th><td>${vaultId}</td></tr>
<tr><th>Made</th><td>${day}</td></tr>
</table>
<h2>Recovery code</h2>
<div class="code"><p>${groups.join(" ")}</p>${await qrSvg(code)}</div>
${instructions(name)}</body>
</html>
`;
}

function instructions(name: string): string {
  // With a folder before it, it can't be read as the name of a vault in the settings.
  const file = `./${name}`;
  return `<h2>When the password is forgotten</h2>
<ol>
<li>Take a copy of the file <kbd>${name}</kbd> and a computer with Node.js: <kbd>npm install -g pm-vault</kbd></li>
<li>Type <kbd>pm passwd --vault ${file}</kbd> and give the code above where the master password is asked
for. Letters may be small; dashes and blanks do not matter.</li>
<li>Type a new master password, twice. It opens the vault from then on: <kbd>pm ls --vault ${file}</kbd></li>
<li>Make a new code, and remove the old one by its id, which the list shows: <kbd>pm key add recovery</kbd>,
<kbd>pm key ls</kbd>, <kbd>pm key rm ID</kbd></li>
</ol>
<h2>Where copies of the vault file are</h2>
<p class="line"></p><p class="line"></p><p class="line"></p>
<h2>Who to ask</h2>
<p class="line"></p><p class="line"></p>
`;
}

/** No page size is named: the page fits A4 and Letter. */
const STYLE = `
@page { margin: 15mm }
body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 175mm; margin: 0 auto }
h1 { font-size: 20pt; margin: 0 0 3mm }
h2 { font-size: 13pt; margin: 5mm 0 2mm }
table { border-collapse: collapse }
th { text-align: left; padding-right: 6mm; vertical-align: top }
td { font-family: monospace; overflow-wrap: anywhere }
kbd { font-family: monospace; font-weight: bold }
li { margin-bottom: 1mm }
.code { display: flex; gap: 6mm; align-items: center; border: 0.5mm solid #000; padding: 4mm; break-inside: avoid }
.code p { flex: 1; margin: 0; font: 20pt/1.6 monospace; word-spacing: 2mm }
.code svg { width: 50mm; height: 50mm; flex: none }
.line { border-bottom: 0.3mm solid #000; height: 8mm; margin: 0 }
`;

/** A path may hold anything. */
function markup(text: string): string {
  return escapeControls(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
