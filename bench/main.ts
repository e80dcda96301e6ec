// Measures what the documentation publishes: npm run bench [-- NAME...].
import { benchmarks } from './benchmarks.ts';

const wanted = process.argv.slice(2);
const chosen = benchmarks.filter((benchmark) => wanted.length === 0 || wanted.includes(benchmark.name));
if (chosen.length === 0) {
  console.error(
    `no benchmark is named ${wanted.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}`,
  );
  process.exitCode = 1;
}
for (const benchmark of chosen) {
  const readings = await benchmark.run();
  for (const { what, value, unit } of readings) console.log(`${benchmark.name}: ${what} ${value.toFixed(2)} ${unit}`);
}
