// Codes typed anywhere on the page, by a keyboard-wedge scanner or a person: until Enter or Tab, or until a scanner that
// sends neither falls silent. The characters are taken as they come and, beside them, as the same keys are on a US
// keyboard: that is what scanners send, whatever layout or input method the computer has.

const kBurst = 100;      // ms between two keys of a scanner, at most
const kSilence = 300;    // ms behind the last key of a scanner without a suffix
const kForget = 10000;   // ms until half a code is forgotten
const kLeast = 8;        // characters of a code that a person types
const kWhole = [16, 19, 24];  // a scanner's short codes; anything from kLong on is a long one
const kLong = 154;

const signs = { Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|', Semicolon: ';:',
  Quote: '\'"', Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?', NumpadDecimal: '..', NumpadSubtract: '--',
  NumpadDivide: '//' };

function usCharacter(event) {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return event.shiftKey !== event.getModifierState('CapsLock') ? letter : letter.toLowerCase();
  const digit = /^(Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return event.shiftKey && digit[1] === 'Digit' ? ')!@#$%^&*('[digit[2]] : digit[2];
  return signs[event.code]?.[event.shiftKey ? 1 : 0];
}

export class Scanner {
  // onScan(code, usCode); onTyping(text) with what a person has typed so far, '' when there is nothing (more).
  constructor(onScan, onTyping) {
    this.onScan = onScan;
    this.onTyping = onTyping;
    this.alt = '';
    this.clear();
    document.addEventListener('keydown', (event) => this.onDown(event), true);
    document.addEventListener('keyup', (event) => this.onUp(event), true);
  }

  clear() {
    clearTimeout(this.timer);
    this.code = this.usCode = '';
    this.slow = false;
    this.last = 0;
    this.onTyping('');
  }

  onDown(event) {
    if (event.ctrlKey || event.metaKey || event.repeat) return;
    if (this.takes(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  // Whether the key belongs to a code.
  takes(event) {
    const bursting = this.code !== '' && !this.slow && event.timeStamp - this.last <= kBurst;
    if (event.altKey) return this.takesAlt(event);
    if (/^F\d+$/.test(event.key)) return bursting;  // a scanner's prefix or suffix answers no prompt
    if (event.key === 'Enter' || event.key === 'Tab') return this.ends(bursting);
    if (this.code !== '' && event.key === 'Escape') return this.clear(), true;
    if (this.code !== '' && event.key === 'Backspace') return this.takesBack();
    const us = usCharacter(event);
    const character = [...event.key].length === 1 ? event.key : us;  // an input method or dead key shows none
    if (!character || (character === ' ' && this.code === '')) return false;
    this.append(character, us ?? character, event.timeStamp);
    return true;
  }

  // A scanner in "ALT mode" holds Alt and types the character's number on the keypad.
  takesAlt(event) {
    const digit = /^Numpad(\d)$/.exec(event.code)?.[1];
    if (digit) this.alt += digit;
    return Boolean(digit) || event.key === 'Alt';
  }

  onUp(event) {
    if (event.key !== 'Alt' || !this.alt) return;
    const number = Number(this.alt);
    this.alt = '';
    if (number === 13 || number === 9) this.ends(true);
    else if (number >= 32 && number < 127) this.append(String.fromCharCode(number), String.fromCharCode(number), event.timeStamp);
  }

  append(character, us, at) {
    if (this.last && at - this.last > kBurst) this.slow = true;
    this.code += character;
    this.usCode += us;
    this.last = at;
    this.wait();
  }

  takesBack() {
    this.code = [...this.code].slice(0, -1).join('');
    this.usCode = this.usCode.slice(0, -1);
    this.slow = true;
    this.wait();
    return true;
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pause(), kSilence);
  }

  pause() {
    if (!this.slow && (kWhole.includes(this.usCode.length) || this.usCode.length >= kLong)) return this.hand();
    this.slow = true;
    this.onTyping(this.code);
    this.timer = setTimeout(() => this.clear(), kForget);
    return undefined;
  }

  ends(bursting) {
    if (this.code === '') return false;
    if (this.code.length < kLeast && !bursting) return this.clear(), false;
    this.hand();
    return true;
  }

  hand() {
    const { code, usCode } = this;
    this.clear();
    this.onScan(code, usCode);
  }
}
