/**
 * Builds the widget: the loader as one classic script, the panel and each language as modules in a folder that is
 * named after their content. The same sources give the same bytes, so a test can rebuild and compare.
 *
 *   node build.mjs [folder]     default: ../widget_server/static/widget
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { minify } from 'terser';

const MAJOR = 1;
const NOT_YET = '@build-id@';
const here = dirname(fileURLToPath(import.meta.url));
const terser = JSON.parse(readFileSync(join(here, 'node_modules/terser/package.json'), 'utf8')).version;
const out = resolve(process.argv[2] ?? join(here, '../widget_server/static/widget'));
const languages = readdirSync(join(here, 'src/messages'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'index')
  .sort();

/** Style sheets travel as minified text: they are adopted, never written into the page. */
const sheets = {
  name: 'sheets',
  setup(build) {
    build.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?inline', '')),
      namespace: 'sheet',
    }));
    build.onLoad({ filter: /.*/, namespace: 'sheet' }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      // custom properties keep their spaces otherwise
      return { contents: code.trim().replace(/([:,;]) /g, '$1'), loader: 'text' };
    });
  },
};

/** One language's words in the place of `./messages`. */
const speaking = (language) => ({
  name: 'speaking',
  setup(build) {
    build.onResolve({ filter: /\/messages$/ }, () => ({ path: join(here, `src/messages/${language}.ts`) }));
  },
});

/** The panel draws with the loader's own functions, lent in the place of `./dom`. */
const borrowing = {
  name: 'borrowing',
  setup(build) {
    build.onResolve({ filter: /\/dom$/ }, () => ({ path: join(here, 'src/borrowed.ts') }));
  },
};

/** modern-screenshot writes markup in three places that we never need: under a strict host they would break its policy. */
const taming = {
  name: 'taming',
  setup(build) {
    build.onLoad({ filter: /modern-screenshot.dist.index\.mjs$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [markup, instead] of [
        ['svgDefsElement?.insertAdjacentHTML("beforeend", svgData);', ''],
        ['SVG_EXTERNAL_RESOURCE_REGEX.test(svg.innerHTML)', 'true'],
        [/sandbox\.srcdoc = .*;/, ''],
      ]) {
        const tamed = contents.replace(markup, instead);
        if (tamed === contents) throw Error(`modern-screenshot has changed: ${markup}`);
        contents = tamed;
      }
      return { contents };
    });
  },
};

/** Names between loader and chunks, and how they travel: a contract, so an entry is only ever added. */
const mangleCache = JSON.parse(readFileSync(join(here, 'short_names.json'), 'utf8'));
const mangling = { mangleCache, mangleProps: new RegExp(`^(${Object.keys(mangleCache).join('|')})$`) };

async function bundle(entry, format, ...plugins) {
  const result = await esbuild.build({
    entryPoints: [join(here, 'src', entry)],
    absWorkingDir: here,
    bundle: true,
    write: false,
    minify: true,
    format,
    charset: 'utf8',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
    legalComments: 'none',
    define: { __BUILD__: JSON.stringify(NOT_YET), __LANGUAGES__: JSON.stringify(languages.join('')) },
    plugins: [sheets, ...plugins],
    ...mangling,
  });
  return minified(result.outputFiles[0].text, {
    ecma: 2020,
    module: format === 'esm',
    toplevel: true,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true, unsafe: true },
  });
}

/**
 * terser takes off another few per cent (`unsafe` here: `${a}` becomes ""+a, which gzip likes better), and nine tenths of
 * a build's time: what it made of the same text before, with the same options in the same version, is kept.
 */
const kept = join(here, 'node_modules/.cache/minified');
const used = new Set();
mkdirSync(kept, { recursive: true });

async function minified(text, options) {
  const name = createHash('sha256')
    .update(JSON.stringify([terser, process.version, options, text]))
    .digest('hex');
  used.add(name);
  const file = join(kept, name);
  try {
    return readFileSync(file, 'utf8');
  } catch {}
  const { code } = await minify(text, options);
  // whole or not at all: another build may be looking
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}

const CHUNKS = {
  visit: 'visit.ts',
  ask: 'ask.ts',
  occasions: 'occasions.ts',
  placement: 'placement.ts',
  rare: 'conditions_rare.ts',
  receipts: 'receipts.ts',
  unsent: 'unsent.ts',
  hosted: 'hosted.ts',
  explain: 'explain.ts',
  calls: 'calls.ts',
  gallery: 'gallery.ts',
  photograph: 'capture/photograph.ts',
};

/** Question types with a chunk of their own: `questions/more.ts` says which brings which. */
const chunksOfTypes = readdirSync(join(here, 'src/questions'))
  .filter((file) => file.endsWith('_chunk.ts'))
  .map((file) => file.replace('_chunk.ts', ''))
  .sort();

const chunks = {};
for (const [name, entry] of Object.entries(CHUNKS)) chunks[`${name}.js`] = await bundle(entry, 'esm', taming);
for (const language of languages) {
  chunks[`panel-${language}.js`] = await bundle('panel.ts', 'esm', speaking(language), borrowing);
  chunks[`trouble-${language}.js`] = await bundle('trouble.ts', 'esm', speaking(language));
  chunks[`logic-${language}.js`] = await bundle('logic/index.ts', 'esm', speaking(language));
  chunks[`help-${language}.js`] = await bundle('help/index.ts', 'esm', speaking(language));
  chunks[`answer-${language}.js`] = await bundle('answer.ts', 'esm', speaking(language));
  chunks[`shot-${language}.js`] = await bundle('shot.ts', 'esm', speaking(language));
  chunks[`more-${language}.js`] = await bundle('questions/more.ts', 'esm', speaking(language));
  for (const name of chunksOfTypes)
    chunks[`${name}-${language}.js`] = await bundle(`questions/${name}_chunk.ts`, 'esm', speaking(language));
}
const loader = await bundle('main.ts', 'iife');

const hash = createHash('sha256');
for (const [name, text] of [['widget.js', loader], ...Object.entries(chunks)])
  hash.update(`${name}\0${text}\0`);
const build = hash.digest('hex').slice(0, NOT_YET.length);

const files = { 'widget.js': loader.replaceAll(NOT_YET, build) };
for (const [name, text] of Object.entries(chunks))
  files[`${build}/${name}`] = text.replaceAll(NOT_YET, build);

mkdirSync(join(out, build), { recursive: true });
const manifest = { major: MAJOR, build, files: {} };
for (const [name, text] of Object.entries(files)) {
  writeFileSync(join(out, name), text);
  const bytes = Buffer.from(text);
  // the size as read from a source that never changes its header: level 9, no time stamp
  manifest.files[name] = { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of readdirSync(kept)) {
  const file = join(kept, name);
  if (!used.has(name) && Date.now() - statSync(file).mtimeMs > 86_400_000) rmSync(file);
}
// old builds go last: a server that reads the folder meanwhile finds one that is whole
for (const name of readdirSync(out))
  if (![build, 'widget.js', 'manifest.json'].includes(name)) rmSync(join(out, name), { recursive: true });
console.log(JSON.stringify(manifest, null, 2));
