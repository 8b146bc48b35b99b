/**
 * Lua that runs once in a new state. It gets the functions written in JavaScript, builds the world
 * that scripts see (no files, no `os`, nothing that can be changed), and answers that world's
 * table of globals and the function that describes an error.
 */
export const LUA_PRELUDE = `
local host = ...
local real_pairs, real_pcall = pairs, pcall
local real_setmetatable, real_getinfo, real_type, real_error = setmetatable, debug.getinfo, type, error
local real_tostring = tostring
local originals = real_setmetatable({}, { __mode = 'k' })

originals.next = next

local function refuse() real_error('Attempt to modify a readonly table', 2) end

local function protect(original, missing)
  local proxy, shown = {}, {}
  originals[shown] = {}
  real_setmetatable(shown, { __newindex = refuse, __metatable = shown })
  real_setmetatable(proxy, { __index = original, __newindex = refuse, __metatable = shown })
  originals[proxy] = original
  if missing then real_setmetatable(original, { __index = missing }) end
  return proxy
end

local world = {}
for _, name in ipairs({ '_VERSION', 'assert', 'collectgarbage', 'error', 'gcinfo', 'getmetatable',
  'ipairs', 'load', 'loadstring', 'rawequal', 'rawget', 'select', 'tonumber', 'tostring',
  'type', 'unpack', 'xpcall' }) do world[name] = _G[name] end

world.pairs, world.next, world.rawset, world.setmetatable = host.pairs, host.next, host.rawset, host.setmetatable
world.tostring = function(...)
  if (...) == host.cjson.null and select('#', ...) > 0 then return 'userdata: (nil)' end
  local text = real_tostring(...)
  return text
end
local function plain(ok, e, ...)
  if not ok and real_type(e) == 'table' and real_type(e.err) == 'string' then return false, e.err end
  return ok, e, ...
end
world.pcall = function(...) return plain(real_pcall(...)) end

math.random, math.randomseed = host.random, host.randomseed
coroutine.yield = host.yield
local function library(from)
  local copy = {}
  for k, v in real_pairs(from) do copy[k] = v end
  return protect(copy)
end
world.math, world.table, world.coroutine = library(math), library(table), library(coroutine)
string.dump = nil
world.string = library(string)
getmetatable('').__index = world.string
world.redis, world.cjson, world.bit = protect(host.redis), protect(host.cjson), protect(host.bit)
if host.cmsgpack then world.cmsgpack = protect(host.cmsgpack) end
if host.struct then world.struct = protect(host.struct) end

local globals = protect(world, function(_, name)
  real_error("Script attempted to access nonexistent global variable '" .. real_tostring(name) .. "'", 2)
end)
world._G = globals
world.load, world.loadstring = loadstring, loadstring
world.load = function(f, name)
  local parts = {}
  while true do
    local part = f()
    if part == nil or part == '' then break end
    parts[#parts + 1] = part
  end
  return world.loadstring(table.concat(parts), name)
end

local function describe(thread, e)
  local level, info = 0, nil
  repeat
    info = real_getinfo(thread, level, 'Sl')
    level = level + 1
  until not info or (info.what ~= 'C' and info.what ~= 'tail' and info.source ~= '=(workbook)')
  local message = e
  if real_type(e) == 'table' then
    message = real_type(e.err) == 'string' and e.err or 'ERR unknown error'
    if e.source and e.line then return message, e.source, e.line end
  else message = 'ERR ' .. real_tostring(e) end
  if not info then return message end
  return message, info.source, info.currentline
end

world.__redis__err__handler = function(e) return e end
return globals, world, describe, originals
`;
