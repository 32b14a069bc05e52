using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>The three headers that sign the others.</summary>
/// <param name="Keys">Names in the order of the JSON, joined by <c>;</c>.</param>
/// <param name="Json">The signed text: a compact JSON object of the headers.</param>
/// <param name="Hash">HMAC-SHA256 of exactly that text, lower-case hexadecimal.</param>
public sealed record VxpSignedHeaders(string Keys, string Json, string Hash);

/// <summary>Signs and checks a request's headers with the secret that both sides know.</summary>
public static class VxpSignature
{
    /// <summary>Longer is refused before anything is computed.</summary>
    private const int MaxJsonChars = 16 * 1024;

    /// <summary>The JSON is built once; the same text is signed and sent.</summary>
    /// <param name="headers">Names without their prefix, in the order they are written.</param>
    public static VxpSignedHeaders Sign(string secret, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in headers)
        {
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(VxpNames.Prefix).Append(name).Append("\":\"");
            Escape(json, value);
            json.Append('"');
        }

        var text = json.Append('}').ToString();
        return new VxpSignedHeaders(string.Join(';', headers.Select(h => h.Key)), text, Hash(secret, text));
    }

    /// <summary>Whether the hash is that of the text as it was received (the order of its keys is the sender's own); compared in constant time.</summary>
    public static bool Holds(string secret, string json, string hash) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Hash(secret, json)), Encoding.ASCII.GetBytes(hash.Trim().ToLowerInvariant()));

    /// <summary>The signed headers by name, without their prefix, whatever its case; null when the text is not a flat JSON object of texts.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string json)
    {
        if (json.Length > MaxJsonChars)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.Name.StartsWith(VxpNames.Prefix, StringComparison.OrdinalIgnoreCase) || member.Value.ValueKind != JsonValueKind.String
                    || !headers.TryAdd(member.Name[VxpNames.Prefix.Length..], member.Value.GetString()!))
                    return null;
            }

            return headers;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Hash(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    // The text travels in a header: everything beyond ASCII is escaped, and nothing that needs no escape is.
    private static void Escape(StringBuilder to, string value)
    {
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                to.Append('\\').Append(c);
            else if (c is >= ' ' and < (char)127)
                to.Append(c);
            else
                to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
    }
}
