using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>An entry of a CRL.</summary>
/// <param name="InvalidSince">When the key is thought to have become bad, if the authority says so; it may be before the revocation.</param>
internal sealed record CrlEntry(DateTimeOffset RevokedAt, int Reason, DateTimeOffset? InvalidSince, bool HasUnknownCritical);

/// <summary>The entries of one list, as bytes. A long list gets an index of places once it is asked a second time.</summary>
internal sealed class CrlEntries(ReadOnlyMemory<byte> entries)
{
    private const string ReasonCode = "2.5.29.21";
    private const string InvalidityDate = "2.5.29.24";
    private const string CertificateIssuer = "2.5.29.29";
    private const int WorthAnIndex = 256 << 10;

    private readonly Lock _gate = new();
    private int _asked;
    private (ulong Key, int At)[]? _index;

    /// <param name="serial">Of the certificate.</param>
    /// <param name="issuer">Who issued the certificate.</param>
    /// <param name="listIssuer">Whose certificates entries are about until one says otherwise.</param>
    /// <param name="indirect">Entries may name other issuers.</param>
    public CrlEntry? Find(ReadOnlySpan<byte> serial, DistinguishedName issuer, DistinguishedName listIssuer, bool indirect)
    {
        var wanted = serial.TrimStart((byte)0);
        if (!indirect && Index() is { } index)
            return FindIn(index, wanted, issuer.Equals(listIssuer));
        CrlEntry? found = null;
        var about = listIssuer;
        var all = new DerReader(entries, "CRL");
        while (!all.AtEnd)
        {
            var entry = all.Enter(DerReader.Sequence);
            var matches = entry.Read(DerReader.Integer).Span.TrimStart((byte)0).SequenceEqual(wanted);
            if (!matches && !indirect)
                continue;
            var (read, named) = Read(entry);
            about = named ?? about;
            // Listed twice (held, then revoked): the last entry is the newest.
            if (matches && about.Equals(issuer))
                found = read;
        }
        return found;
    }

    /// <summary>One extension of a list or of an entry.</summary>
    public static (string Oid, bool Critical, ReadOnlyMemory<byte> Value) Extension(ref DerReader extensions)
    {
        var one = extensions.Enter(DerReader.Sequence);
        var oid = one.ReadOid();
        var critical = one.Tag == DerReader.Boolean && one.ReadBoolean();
        return (oid, critical, one.Read(DerReader.OctetString));
    }

    private CrlEntry? FindIn((ulong Key, int At)[] index, ReadOnlySpan<byte> wanted, bool own)
    {
        CrlEntry? found = null;
        var key = KeyOf(wanted);
        var at = Array.BinarySearch(index, (key, -1), Comparer<(ulong Key, int At)>.Default);
        for (at = at < 0 ? ~at : at; own && at < index.Length && index[at].Key == key; at++)
        {
            var entry = new DerReader(entries[index[at].At..], "CRL").Enter(DerReader.Sequence);
            if (entry.Read(DerReader.Integer).Span.TrimStart((byte)0).SequenceEqual(wanted))
                found = Read(entry).Entry; // places are in order: the last is the newest
        }
        return found;
    }

    private (ulong Key, int At)[]? Index()
    {
        if (entries.Length < WorthAnIndex)
            return null;
        lock (_gate)
        {
            if (_index is null && _asked++ > 0)
                _index = Build();
            return _index;
        }
    }

    private (ulong, int)[] Build()
    {
        var places = new List<(ulong, int)>(entries.Length / 40);
        var all = new DerReader(entries, "CRL");
        while (!all.AtEnd)
        {
            var at = entries.Length - all.Rest.Length;
            places.Add((KeyOf(all.Enter(DerReader.Sequence).Read(DerReader.Integer).Span.TrimStart((byte)0)), at));
        }
        places.Sort();
        return [.. places];
    }

    // Collisions only cost a comparison.
    private static ulong KeyOf(ReadOnlySpan<byte> serial)
    {
        var key = 14695981039346656037UL;
        foreach (var b in serial)
            key = unchecked((key ^ b) * 1099511628211UL);
        return key;
    }

    private static (CrlEntry Entry, DistinguishedName? Issuer) Read(DerReader entry)
    {
        var at = entry.ReadTime();
        var (reason, unknown, invalid, issuer) = (0, false, (DateTimeOffset?)null, (DistinguishedName?)null);
        if (entry.TryEnter(DerReader.Sequence, out var extensions))
        {
            while (!extensions.AtEnd)
            {
                var (oid, critical, value) = Extension(ref extensions);
                switch (oid)
                {
                    case ReasonCode:
                        reason = new DerReader(value, "CRL").ReadSmallInteger(DerReader.Enumerated);
                        break;
                    case InvalidityDate:
                        invalid = new DerReader(value, "CRL").ReadTime();
                        break;
                    case CertificateIssuer:
                        issuer = GeneralName.ParseAll(new DerReader(value, "CRL").Enter(DerReader.Sequence)).Select(n => n.Directory).FirstOrDefault(n => n is not null);
                        break;
                    default:
                        unknown |= critical;
                        break;
                }
            }
        }
        return (new CrlEntry(at, reason, invalid, unknown), issuer);
    }
}
