declare module '*.css?inline' {
  const text: string;
  export default text;
}
declare const __BUILD__: string;
declare const __LANGUAGES__: string;
