// Zod compiles its schemas with `new Function` where it may; a strict content policy forbids that. Everybody
// takes Zod from here, so that the setting comes before the first schema. It is the small Zod, of functions instead
// of methods: the other would be an eighth of the first load.
import * as z from "zod/mini";

z.config({ jitless: true });

export { z };
