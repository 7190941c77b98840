// Zod compiles its schemas with `new Function` where it may; a strict content policy forbids that. Everybody
// takes Zod from here, so that the setting comes before the first schema.
import { z } from "zod";

z.config({ jitless: true });

export { z };
