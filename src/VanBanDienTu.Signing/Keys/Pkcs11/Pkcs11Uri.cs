using System.Buffers;
using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>Where a key lives on a token: <c>pkcs11:token=…;object=…;id=%01?module-path=/usr/lib/…so</c>. It never holds a PIN.</summary>
/// <remarks>Source: RFC 7512. Attributes that we do not know are refused, as its section 2.3 asks of attributes that narrow the choice.</remarks>
public sealed record Pkcs11Uri
{
    /// <summary>What such an address begins with.</summary>
    public const string Scheme = "pkcs11:";

    /// <summary>The token's label; null: the only token there is.</summary>
    public string? Token { get; private init; }

    /// <summary>The token's serial number.</summary>
    public string? Serial { get; private init; }

    /// <summary>The token's manufacturer.</summary>
    public string? Manufacturer { get; private init; }

    /// <summary>The token's model.</summary>
    public string? Model { get; private init; }

    /// <summary>The slot's number.</summary>
    public ulong? SlotId { get; private init; }

    /// <summary>The key's label (CKA_LABEL).</summary>
    public string? Object { get; private init; }

    /// <summary>The key's id (CKA_ID).</summary>
    public byte[]? Id { get; private init; }

    /// <summary>The shared library of the token's vendor: an absolute path.</summary>
    public required string ModulePath { get; init; }

    /// <summary>Whether a key's address is one of these.</summary>
    public static bool Is(string address) => address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="SigningException"><see cref="SigningFault.KeyAddressInvalid"/>; the address is not repeated in the message when it holds a PIN.</exception>
    public static Pkcs11Uri Parse(string address)
    {
        if (!Is(address))
            throw Bad("it does not begin with pkcs11:", "phải bắt đầu bằng pkcs11:");
        var parts = address[Scheme.Length..].Split('?', 2);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var uri = new Pkcs11Uri { ModulePath = "" };
        foreach (var (name, value) in Attributes(parts[0], ';', seen))
            uri = uri.WithPath(name, value);
        foreach (var (name, value) in Attributes(parts.Length > 1 ? parts[1] : "", '&', seen))
            uri = uri.WithQuery(name, value);
        return Path.IsPathRooted(uri.ModulePath) ? uri
            : throw Bad("module-path must give the absolute path of the token's PKCS#11 library, for example ?module-path=/usr/lib/softhsm/libsofthsm2.so",
                "module-path phải là đường dẫn tuyệt đối tới thư viện PKCS#11 của token, ví dụ ?module-path=/usr/lib/softhsm/libsofthsm2.so");
    }

    private Pkcs11Uri WithPath(string name, byte[] value) => name switch
    {
        "token" => this with { Token = Text(value) },
        "serial" => this with { Serial = Text(value) },
        "manufacturer" => this with { Manufacturer = Text(value) },
        "model" => this with { Model = Text(value) },
        "slot-id" => this with { SlotId = ulong.TryParse(Text(value), NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : throw Bad("slot-id must be a number", "slot-id phải là số") },
        "object" => this with { Object = Text(value) },
        "id" => this with { Id = value },
        "type" => Text(value) is "private" or "cert" ? this : throw Bad("type must be private or cert", "type phải là private hoặc cert"),
        _ => throw Unknown(name),
    };

    private Pkcs11Uri WithQuery(string name, byte[] value) => name switch
    {
        "module-path" => this with { ModulePath = Text(value) },
        "pin-value" => throw Bad("a PIN must not stand in an address; give it in a file with --pin-file", "không được ghi mã PIN trong địa chỉ; hãy để trong tệp và dùng --pin-file"),
        "pin-source" => throw Bad("pin-source is not used; give the PIN in a file with --pin-file", "không dùng pin-source; hãy để mã PIN trong tệp và dùng --pin-file"),
        _ => throw Unknown(name),
    };

    private static IEnumerable<(string Name, byte[] Value)> Attributes(string text, char separator, HashSet<string> seen)
    {
        foreach (var part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw Bad("every attribute must be name=value", "mỗi thuộc tính phải có dạng tên=giá-trị");
            var name = part[..at];
            if (!seen.Add(name))
                throw Bad($"the attribute {name} stands twice", $"thuộc tính {name} lặp lại");
            yield return (name, Unescape(name, part[(at + 1)..]));
        }
    }

    // Percent-encoded bytes may be anything, so this cannot go through Uri.UnescapeDataString.
    private static byte[] Unescape(string name, string value)
    {
        var source = Encoding.UTF8.GetBytes(value);
        var bytes = new List<byte>(source.Length);
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != (byte)'%')
            {
                bytes.Add(source[i]);
                continue;
            }
            if (i + 2 >= source.Length || Convert.FromHexString(source.AsSpan(i + 1, 2), one, out _, out _) != OperationStatus.Done)
                throw Bad($"the value of {name} has a broken %-escape", $"giá trị của {name} có ký hiệu % không hợp lệ");
            bytes.Add(one[0]);
            i += 2;
        }
        return [.. bytes];
    }

    private static string Text(byte[] value) => Encoding.UTF8.GetString(value);

    private static SigningException Unknown(string name) => Bad(
        $"the attribute {name} is not one we know (token, serial, manufacturer, model, slot-id, object, id, type, module-path)",
        $"không có thuộc tính {name} (chỉ dùng token, serial, manufacturer, model, slot-id, object, id, type, module-path)");

    private static SigningException Bad(string english, string vietnamese) =>
        new(SigningFault.KeyAddressInvalid, $"The key's address cannot be used: {english}.", $"Địa chỉ khóa không dùng được: {vietnamese}.");
}
