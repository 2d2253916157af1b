import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts'] },
  define: { __BUILD__: '"test"', __LANGUAGES__: '["en","nl","no","th"]' },
});
