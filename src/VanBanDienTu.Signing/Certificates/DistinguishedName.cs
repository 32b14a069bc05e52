using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>One attribute of a distinguished name. Several with the same <paramref name="Rdn"/> stand together (joined by «+»).</summary>
public sealed record NameAttribute(string Oid, string Value, int Rdn);

/// <summary>A distinguished name: its raw bytes as they were, its attributes, and its RFC 4514 form.</summary>
public sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        [CertificateOids.CommonName] = "CN",
        [CertificateOids.Surname] = "SN",
        [CertificateOids.SerialNumber] = "serialNumber",
        [CertificateOids.Country] = "C",
        [CertificateOids.Locality] = "L",
        [CertificateOids.StateOrProvince] = "ST",
        ["2.5.4.9"] = "street",
        [CertificateOids.Organization] = "O",
        [CertificateOids.OrganizationalUnit] = "OU",
        [CertificateOids.Title] = "title",
        [CertificateOids.GivenName] = "GN",
        ["2.5.4.46"] = "dnQualifier",
        ["2.5.4.65"] = "pseudonym",
        [CertificateOids.OrganizationIdentifier] = "organizationIdentifier",
        [CertificateOids.UserId] = "UID",
        [CertificateOids.DomainComponent] = "DC",
        [CertificateOids.EmailAddress] = "emailAddress",
    };

    private readonly Lazy<string> _text;
    private readonly Lazy<string> _comparable;
    private readonly Lazy<int> _hash;
    private readonly Lazy<byte[]> _sha1;

    private DistinguishedName(ReadOnlyMemory<byte> raw, IReadOnlyList<NameAttribute> attributes)
    {
        Raw = raw;
        Attributes = attributes;
        _text = new Lazy<string>(Rfc4514);
        _comparable = new Lazy<string>(Comparable);
        _hash = new Lazy<int>(() => StringComparer.Ordinal.GetHashCode(_comparable.Value));
#pragma warning disable CA5350 // By OCSP's standard.
        _sha1 = new Lazy<byte[]>(() => System.Security.Cryptography.SHA1.HashData(Raw.Span));
#pragma warning restore CA5350
    }

    /// <summary>The DER of the Name.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>In the order of the bytes (country first, usually).</summary>
    public IReadOnlyList<NameAttribute> Attributes { get; }

    public bool IsEmpty => Attributes.Count == 0;

    /// <summary>The last value of an attribute, or null: the most specific one (the innermost OU).</summary>
    public string? this[string oid]
    {
        get
        {
            for (var i = Attributes.Count - 1; i >= 0; i--)
            {
                if (string.Equals(Attributes[i].Oid, oid, StringComparison.Ordinal))
                    return Attributes[i].Value;
            }
            return null;
        }
    }

    /// <summary>SHA-1 of <see cref="Raw"/>, by which OCSP names issuers.</summary>
    internal byte[] Sha1 => _sha1.Value;

    /// <summary>RFC 4514: most specific first, escaped.</summary>
    public override string ToString() => _text.Value;

    /// <summary>Same bytes, or the same after the comparison rules of RFC 5280 section 7.1 (case and white space).</summary>
    public bool Equals(DistinguishedName? other) =>
        other is not null && (Raw.Span.SequenceEqual(other.Raw.Span)
            || string.Equals(_comparable.Value, other._comparable.Value, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => _hash.Value;

    /// <summary>This name with one more RDN at its end.</summary>
    /// <param name="rdn">Elements of the SET.</param>
    internal DistinguishedName Below(ReadOnlyMemory<byte> rdn)
    {
        var names = new DerReader(Raw, "certificate").Read(DerReader.Sequence);
        return Parse(Cms.DerEncoding.Wrap(DerReader.Sequence, [.. names.Span, .. Cms.DerEncoding.Wrap(DerReader.Set, rdn.Span)]), "certificate");
    }

    /// <summary>True when this name lies within the subtree of <paramref name="ancestor"/>: its first RDNs are that name's.</summary>
    internal bool IsWithin(DistinguishedName ancestor) =>
        ancestor.IsEmpty || _comparable.Value.StartsWith(ancestor._comparable.Value, StringComparison.Ordinal);

    internal static DistinguishedName Parse(ReadOnlyMemory<byte> raw, string what)
    {
        var names = new DerReader(raw, what).Enter(DerReader.Sequence);
        var attributes = new List<NameAttribute>(8);
        for (var rdn = 0; !names.AtEnd; rdn++)
        {
            var set = names.Enter(DerReader.Set);
            while (!set.AtEnd)
            {
                var pair = set.Enter(DerReader.Sequence);
                var oid = pair.ReadOid();
                attributes.Add(new NameAttribute(oid, DerString.Read(pair.ReadRaw()), rdn));
                if (attributes.Count > 200)
                    throw names.Malformed("a name has more than 200 attributes");
            }
        }
        return new DistinguishedName(raw, attributes);
    }

    private string Rfc4514()
    {
        var text = new StringBuilder();
        foreach (var rdn in Attributes.GroupBy(a => a.Rdn).Reverse())
        {
            if (text.Length > 0)
                text.Append(',');
            text.AppendJoin('+', rdn.Select(a => $"{ShortNames.GetValueOrDefault(a.Oid, a.Oid)}={Escape(a.Value)}"));
        }
        return text.ToString();
    }

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 4);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is ',' or '+' or '"' or '\\' or '<' or '>' or ';'
                || (i == 0 && (c is ' ' or '#')) || (i == value.Length - 1 && c == ' '))
                text.Append('\\').Append(c);
            else if (c < ' ')
                text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:x2}");
            else
                text.Append(c);
        }
        return text.ToString();
    }

    private string Comparable()
    {
        var text = new StringBuilder();
        var last = 0;
        var sorted = Attributes.GroupBy(a => a.Rdn)
            .SelectMany(rdn => rdn.Select(a => (a.Rdn, Key: a.Oid + "=" + Fold(a.Value))).Order());
        foreach (var (rdn, key) in sorted)
        {
            text.Append(rdn == last ? '\u0001' : '\u0002').Append(key);
            last = rdn;
        }
        return text.Append('\u0002').ToString();
    }

    private static string Fold(string value) => string.Join(' ',
        value.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
