// Counting: a check has a name, passes or fails, and never stops the others. Not here: what is checked.

const results = [];

/** Runs one check and remembers what it came to. Answers what the work answered, or undefined when it failed. */
export async function check(name, work) {
  const started = Date.now();
  try {
    const answer = await work();
    results.push({ name, passed: true });
    console.log(`ok    ${name} (${Date.now() - started} ms)`);
    return answer;
  } catch (error) {
    results.push({ name, passed: false, error });
    console.log(`FAIL  ${name}\n${indent(shown(error))}`);
    return undefined;
  }
}

/** Runs steps of one story in order; when one fails, those after it are failures too, as nobody reached them. */
export async function story(name, steps) {
  let reached = true;
  for (const [step, work] of steps) {
    const title = `${name}: ${step}`;
    if (!reached) {
      results.push({ name: title, passed: false });
      console.log(`FAIL  ${title}\n      not reached`);
      continue;
    }
    const before = results.length;
    await check(title, work);
    reached = results[before].passed;
  }
}

/** Throws with a sentence when something does not hold. */
export function must(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

/** Throws when two values differ, and shows both. */
export function same(found, expected, what) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: expected ${right}, found ${left}`);
}

/** How many passed and failed so far. */
export function totals() {
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed };
}

/** The names of what failed. */
export function failures() {
  return results.filter((result) => !result.passed).map((result) => result.name);
}

/** The error with the places in the test that led to it, innermost first. */
function shown(error) {
  const [own, harness] = [/\/browser\/(journeys|pages|selftest)/, /\/lib\/|node_modules|node:/];
  const stack = String(error?.stack ?? error).split("\n");
  return stack.filter((line) => !/^\s+at /.test(line) || (own.test(line) && !harness.test(line))).join("\n");
}

function indent(text) {
  return text.split("\n").slice(0, 30).map((line) => `      ${line}`).join("\n");
}
