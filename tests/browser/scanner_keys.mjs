// A keyboard-wedge scanner: the keys of a US keyboard, one after the other, as a computer of any layout sees them.
import { readFileSync } from 'node:fs';

// The rows of keys, as the tests of the codes have them.
const header = readFileSync(new URL('../agent/domain/keyboards.h', import.meta.url), 'utf8');
const rowsOf = (layout) => [...new RegExp(`Layout ${layout}\\{\\s*R"\\((.*)\\)",\\s*R"\\((.*)\\)"\\}`).exec(header).slice(1)]
  .map((row) => row.split(' '));
const kUs = rowsOf('kUs');
const kCodes = [...['Backquote', ...[...'1234567890'].map((digit) => `Digit${digit}`), 'Minus', 'Equal'],
  ...[...'QWERTYUIOP'].map((letter) => `Key${letter}`), 'BracketLeft', 'BracketRight', 'Backslash',
  ...[...'ASDFGHJKL'].map((letter) => `Key${letter}`), 'Semicolon', 'Quote',
  ...[...'ZXCVBNM'].map((letter) => `Key${letter}`), 'Comma', 'Period', 'Slash'];
const kShift = 8, kAlt = 1;

export function scannerOf(cdp) {
  const send = (type, event) => cdp.send('Input.dispatchKeyEvent', { type, ...event });
  const press = async (event) => {
    await send('rawKeyDown', event);
    await send('keyUp', event);
  };
  async function pressCharacter(character, { rows, process }) {
    if (character === '\u0001') return press({ key: 'F1', code: 'F1', windowsVirtualKeyCode: 112 });
    const shifted = kUs[0].includes(character) ? 0 : 1;
    const at = kUs[shifted].indexOf(character);
    const key = process ? 'Process' : rows[shifted][at];
    return press({ key, code: kCodes[at], modifiers: shifted ? kShift : 0 });
  }
  async function pressAlt(character) {
    await send('rawKeyDown', { key: 'Alt', code: 'AltLeft', modifiers: kAlt });
    for (const digit of `0${character.charCodeAt(0)}`) {
      await press({ key: digit, code: `Numpad${digit}`, modifiers: kAlt, isKeypad: true });
    }
    await send('keyUp', { key: 'Alt', code: 'AltLeft' });
  }
  return async (text, { layout = 'kUs', suffix = 'Enter', process = false, alt = false } = {}) => {
    const rows = rowsOf(layout);
    for (const character of text) await (alt ? pressAlt(character) : pressCharacter(character, { rows, process }));
    if (suffix) await press({ key: suffix, code: suffix, windowsVirtualKeyCode: suffix === 'Enter' ? 13 : 9 });
  };
}
