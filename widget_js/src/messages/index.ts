/**
 * What the panel says. The panel is built once for each language, with that language's file in the place of this one:
 * its sentences stand where they are used, and no panel can meet the words of another build.
 */
export * from './en';
