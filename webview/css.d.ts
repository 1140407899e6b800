/** The bundler takes style sheets as modules without content. */
declare module '*.css';
