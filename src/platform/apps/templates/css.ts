/**
 * The parts of the page that an app's own rules may name, and what they are in it. Nothing else can be selected: no
 * attribute, no state, no element that carries the consent's words, a warning or a way out alone.
 */
const PARTS: Record<string, string> = {
  '.page': '.page',
  '.card': '.sheet',
  '.header': '.way',
  h1: 'main h1',
  h2: 'main h2',
  '.button': 'main .button',
  '.button.primary': 'main .button.primary',
  '.row': 'main .row',
  '.field': 'main .field input',
};

/** What rules may say, each within limits in which nothing disappears, covers anything or grows out of the page. */
const PROPERTIES: Record<string, RegExp> = {
  'border-radius': /^(0|(0?\.\d{1,2}|1(\.\d{1,2})?|2)rem)$/,
  'border-width': /^[1-4]px$/,
  'border-style': /^(solid|double)$/,
  'font-weight': /^[4-8]00$/,
  'font-style': /^(normal|italic)$/,
  'font-size': /^(1|1\.[0-4]\d?|1\.5)rem$/,
  'letter-spacing': /^(0|0?\.0[1-5]em|normal)$/,
  'line-height': /^1\.[3-8]\d?$/,
  'text-transform': /^(none|uppercase|capitalize)$/,
  'text-align': /^(start|center)$/,
  'box-shadow': /^none$/,
};

const MOST_RULES = 40;

/**
 * Reads an app's own rules and writes them anew, from nothing but the names and values known here. What is not known is
 * refused and named: comments, `@` rules, addresses, functions, escapes, attribute selectors.
 */
export function readCss(text: string): { css: string } | { refused: string } {
  const strange = /[^\w\s.#:;,{}%()-]|@|\\|\/\*/.exec(text)?.[0];
  if (strange) return { refused: `\`${strange}\` cannot stand in it.` };
  const rules: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [whole, selectors, body] = /^([^{}]+)\{([^{}]*)\}\s*/.exec(rest) ?? [];
    if (whole === undefined)
      return { refused: `Write rules as \`.button { border-radius: 0 }\`: ${rest.slice(0, 40)}` };
    if (rules.length === MOST_RULES) return { refused: `At most ${MOST_RULES} rules.` };
    const rule = readRule(selectors!, body!);
    if (typeof rule !== 'string') return rule;
    rules.push(rule);
    rest = rest.slice(whole.length);
  }
  return { css: rules.join('\n') };
}

function readRule(selectors: string, body: string): string | { refused: string } {
  const parts: string[] = [];
  for (const selector of selectors.split(',').map((one) => one.trim().replace(/\s+/g, ' '))) {
    if (!Object.hasOwn(PARTS, selector))
      return {
        refused: `\`${selector.slice(0, 60)}\` cannot be selected; these can: ${Object.keys(PARTS).join(', ')}.`,
      };
    parts.push(PARTS[selector]!);
  }
  const declarations: string[] = [];
  for (const declaration of body.split(';').map((one) => one.trim())) {
    if (declaration === '') continue;
    const [name = '', value = ''] = declaration.split(/:(.*)/s).map((part) => part.trim());
    if (!Object.hasOwn(PROPERTIES, name))
      return { refused: `\`${name.slice(0, 60)}\` cannot be set; these can: ${Object.keys(PROPERTIES).join(', ')}.` };
    if (!PROPERTIES[name]!.test(value)) return { refused: `\`${name}\` cannot be \`${value.slice(0, 60)}\`.` };
    declarations.push(`${name}: ${value}`);
  }
  return `${parts.join(', ')} { ${declarations.join('; ')} }`;
}
