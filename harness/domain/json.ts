/** Plain data: what evidence is made of, so that it can be saved, compared and narrated again. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
