using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>Orders the certificates found beside a key: issuer by issuer upwards, strangers and self-signed roots left out.</summary>
internal static class KeyChain
{
    public static IReadOnlyList<Certificate> Order(Certificate leaf, IReadOnlyList<Certificate> others)
    {
        var chain = new List<Certificate>();
        var current = leaf;
        while (chain.Count < 16)
        {
            var issuer = others.FirstOrDefault(c => Same(c.SubjectRaw, current.IssuerRaw) && !chain.Contains(c) && !ReferenceEquals(c, current));
            if (issuer is null || Same(issuer.SubjectRaw, issuer.IssuerRaw))
                break;
            chain.Add(issuer);
            current = issuer;
        }
        return chain;
    }

    private static bool Same(ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span);
}
