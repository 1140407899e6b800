/** The bundler treats style sheets as modules without content. */
declare module '*.css';
