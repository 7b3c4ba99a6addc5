-- For wrk: check one of the photos listed in the file $PHOTOS after the other.
local photos = {}
for name in io.lines(os.getenv("PHOTOS")) do
  local file = io.open(name, "rb")
  photos[#photos + 1] = file:read("*a")
  file:close()
end
local sent = 0
request = function()
  sent = sent + 1
  return wrk.format("POST", "/api/check", { ["Content-Type"] = "image/jpeg" }, photos[sent % #photos + 1])
end
