using System.Net;
using System.Text;

namespace VanBanDienTu.Signing.Certificates;

public enum GeneralNameKind
{
    OtherName = 0,
    Email = 1,
    Dns = 2,
    X400 = 3,
    Directory = 4,
    EdiParty = 5,
    Uri = 6,
    IpAddress = 7,
    RegisteredId = 8,
}

/// <summary>One GeneralName of RFC 5280: its kind, a readable form, and its raw content (an IP constraint is address and mask).</summary>
public sealed record GeneralName(GeneralNameKind Kind, string Text, ReadOnlyMemory<byte> Raw, DistinguishedName? Directory)
{
    internal static List<GeneralName> ParseAll(DerReader names)
    {
        var all = new List<GeneralName>(2);
        while (!names.AtEnd)
        {
            all.Add(Parse(names.ReadRaw()));
            if (all.Count > 1000)
                throw names.Malformed("more than 1000 alternative names");
        }
        return all;
    }

    internal static GeneralName Parse(ReadOnlyMemory<byte> element)
    {
        var reader = new DerReader(element, "certificate");
        var tag = reader.Tag;
        var kind = (GeneralNameKind)(tag & 0x1f);
        if ((tag & 0xc0) != 0x80 || (int)kind > 8)
            throw reader.Malformed("a general name has an unknown tag");
        var content = reader.Read(tag);
        return kind switch
        {
            GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri =>
                new(kind, Encoding.Latin1.GetString(content.Span), content, null),
            GeneralNameKind.Directory => OfDirectory(DistinguishedName.Parse(content, "certificate")),
            GeneralNameKind.IpAddress => new(kind, Address(content.Span), content, null),
            _ => new(kind, "#" + Convert.ToHexStringLower(content.Span), content, null),
        };
    }

    internal static GeneralName OfDirectory(DistinguishedName name) =>
        new(GeneralNameKind.Directory, name.ToString(), name.Raw, name);

    private static string Address(ReadOnlySpan<byte> content) => content.Length is 4 or 16
        ? new IPAddress(content).ToString()
        : "#" + Convert.ToHexStringLower(content);
}
