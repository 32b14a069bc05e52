using System.Text.Json;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>A PDF as qpdf reads it: a second reader that shares no code with ours.</summary>
internal sealed class QpdfReader
{
    private readonly JsonElement _objects;

    public QpdfReader(string file)
    {
        // qpdf warns on stderr about nothing here; its JSON is all of stdout.
        var said = ExternalTool.Run("qpdf", "--json=2", "--json-key=qpdf", "--json-stream-data=inline", file);
        Assert.True(said.ExitCode == 0, said.Output);
        _objects = JsonDocument.Parse(said.Output).RootElement.GetProperty("qpdf")[1];
    }

    public JsonElement Catalog => Resolve(_objects.GetProperty("trailer").GetProperty("value").GetProperty("/Root"));

    /// <summary>The signature dictionaries of the fields that the form lists, in its order.</summary>
    public IReadOnlyList<JsonElement> Signatures =>
        [.. Resolve(Resolve(Catalog.GetProperty("/AcroForm")).GetProperty("/Fields")).EnumerateArray()
            .Select(f => Resolve(f)).Where(f => f.GetProperty("/FT").GetString() == "/Sig").Select(f => Resolve(f.GetProperty("/V")))];

    /// <summary>The value behind a reference, or the value itself.</summary>
    public JsonElement Resolve(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.EndsWith(" R", StringComparison.Ordinal)
            ? _objects.GetProperty("obj:" + value.GetString()).GetProperty("value")
            : value;

    /// <summary>The data of a list of streams.</summary>
    public IReadOnlyList<byte[]> Streams(JsonElement store, string key) => !store.TryGetProperty(key, out var list) ? []
        : [.. Resolve(list).EnumerateArray().Select(r => _objects.GetProperty("obj:" + r.GetString()).GetProperty("stream").GetProperty("data").GetBytesFromBase64())];

    public static byte[] Bytes(JsonElement text) => Convert.FromHexString(text.GetString()!["b:".Length..]);
}
