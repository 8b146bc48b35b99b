// For development: `npx tsx engine/redis/embedded/serve-in-process.ts [port]`
import { serve } from "./serve.ts";

const served = await serve(Number(process.argv[2] ?? 0));
process.stdout.write(`${served.port}\n`);
