/** Numbers as acts write them, and how they are read back from a label; the same rules as `server/text/numerals.py`, the same vectors. */

import data from "../../../schema/numbering/numerals.json";

const LETTER = "A-Za-zА-Яа-яҐґЄєІіЇї";
const INDEX = "(?:\\s*[-‑]\\s*[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹])*";
const ARABIC = new RegExp(`((?:[0-9]+\\.)*)([0-9]+)(?:[a-zа-яґєії](?![${LETTER}]))?${INDEX}`);
const SINGLE = new RegExp(`^([^${LETTER}0-9]*)([${LETTER}])(${INDEX})([^${LETTER}0-9]*)$`);
const ROMAN = new RegExp(`(?<![${LETTER}])([IVXLCDMІХСМ]+)(?![${LETTER}])${INDEX}`, "g");
const WORD = new RegExp(`[${LETTER}'’]+(?: [${LETTER}'’]+)*$`);
const ROMAN_DIGITS: readonly (readonly [number, string])[] = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

/** A number found in a label and what stands around it; `core` is the number as written, with leading segments and index. */
export interface Numeral {
  readonly value: number;
  readonly style: string;
  readonly before: string;
  readonly leading: string;
  readonly after: string;
  readonly core: string;
}

/** The label of the same shape with another number. */
export function following(shape: Numeral, value: number): string {
  return `${shape.before}${shape.leading}${writeNumber(value, shape.style)}${shape.after}`;
}

/** The number (1 or more) in a style. */
export function writeNumber(value: number, style: string): string {
  switch (style) {
    case "roman":
      return writeRoman(value);
    case "letter":
      return writeLetters(value, data.letters);
    case "latin":
      return writeLetters(value, data.latin);
    case "upper_letter":
      return writeLetters(value, data.letters).toUpperCase();
    case "upper_latin":
      return writeLetters(value, data.latin).toUpperCase();
    case "feminine":
    case "masculine":
      return ordinal(value, style, "nominative");
    case "upper_feminine":
    case "upper_masculine":
      return ordinal(value, style.slice("upper_".length), "nominative").toUpperCase();
    default:
      return String(value);
  }
}

/** The ordinal word in a gender and case; digits beyond the table. */
export function ordinal(value: number, gender: string, grammaticalCase: string): string {
  const stem = data.ordinals.stems[value - 1];
  if (stem === undefined) return String(value);
  const endings: Readonly<Record<string, Readonly<Record<string, string>>>> =
    data.ordinals.endings[stem.endsWith(data.ordinals.soft) ? "soft" : "hard"];
  return stem + (endings[gender]?.[grammaticalCase] ?? "");
}

/** The number of an explicit label, or null when it has none ("–", "*", a bare word). */
export function readNumeral(label: string): Numeral | null {
  const single = readSingle(label);
  if (single !== null) return single;
  const arabic = readArabic(label);
  const roman = readRoman(label);
  if (arabic !== null && roman !== null) return codePoints(arabic.before) < codePoints(roman.before) ? arabic : roman;
  return arabic ?? roman ?? readWord(label);
}

function codePoints(text: string): number {
  return [...text].length;
}

function readSingle(label: string): Numeral | null {
  const found = SINGLE.exec(label);
  if (found === null || "IVXІХ".includes(found[2] ?? "")) return null;
  const [, before = "", written = "", index = "", after = ""] = found;
  const letter = written.toLowerCase();
  const lookalikes: Readonly<Record<string, string>> = data.lookalikes.letters;
  for (const [style, alphabet] of [
    ["letter", data.letters],
    ["latin", data.latin],
  ] as const) {
    const same = style === "letter" ? (lookalikes[letter] ?? letter) : letter;
    const place = alphabet.indexOf(same);
    if (place >= 0) {
      return { value: place + 1, style: written === letter ? style : `upper_${style}`, before, leading: "", after, core: written + index };
    }
  }
  return null;
}

function readArabic(label: string): Numeral | null {
  const found = ARABIC.exec(label);
  if (found === null) return null;
  const [core, leading = "", digits = ""] = found;
  return {
    value: Number(digits.slice(-9)),
    style: "arabic",
    before: label.slice(0, found.index),
    leading,
    after: label.slice(found.index + core.length),
    core,
  };
}

function readRoman(label: string): Numeral | null {
  const lookalikes: Readonly<Record<string, string>> = data.lookalikes.roman;
  for (const found of label.matchAll(ROMAN)) {
    const value = romanValue([...(found[1] ?? "")].map((letter) => lookalikes[letter] ?? letter).join(""));
    if (value > 0) {
      const core = found[0];
      return {
        value,
        style: "roman",
        before: label.slice(0, found.index),
        leading: "",
        after: label.slice(found.index + core.length),
        core,
      };
    }
  }
  return null;
}

function readWord(label: string): Numeral | null {
  const words = WORD.exec(label)?.[0].split(" ") ?? [];
  for (const count of [2, 1]) {
    const word = words.slice(-count).join(" ");
    const known = ordinalWords().get(word.toLowerCase().replaceAll("’", "'"));
    if (known === undefined || words.length < count) continue;
    const isUpper = word === word.toUpperCase() && word !== word.toLowerCase();
    const style = isUpper ? `upper_${known.gender}` : known.gender;
    return { value: known.value, style, before: label.slice(0, label.length - word.length), leading: "", after: "", core: word };
  }
  return null;
}

let knownWords: Map<string, { value: number; gender: string }> | null = null;

function ordinalWords(): Map<string, { value: number; gender: string }> {
  if (knownWords === null) {
    knownWords = new Map();
    for (const gender of ["feminine", "masculine"]) {
      data.ordinals.stems.forEach((_, index) => {
        knownWords?.set(ordinal(index + 1, gender, "nominative"), { value: index + 1, gender });
      });
    }
  }
  return knownWords;
}

function writeLetters(value: number, alphabet: string): string {
  let letters = "";
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / alphabet.length))
    letters = (alphabet[(rest - 1) % alphabet.length] ?? "") + letters;
  return letters;
}

function writeRoman(value: number): string {
  if (value >= 4000) return String(value);
  let written = "";
  let rest = value;
  for (const [size, digits] of ROMAN_DIGITS) {
    written += digits.repeat(Math.floor(rest / size));
    rest %= size;
  }
  return written;
}

/** The value of a well-formed Roman number, else 0. */
function romanValue(digits: string): number {
  let value = 0;
  let rest = digits;
  for (const [size, letters] of ROMAN_DIGITS) {
    while (rest.startsWith(letters)) {
      value += size;
      rest = rest.slice(letters.length);
    }
  }
  return rest === "" && writeRoman(value) === digits ? value : 0;
}
