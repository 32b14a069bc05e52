using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Gateway.Access;

/// <summary>What a client showed in the TLS handshake. Nothing in it is judged yet.</summary>
/// <param name="Leaf">Null when the bytes are no certificate that we can read.</param>
/// <param name="Chain">Further certificates that came along.</param>
internal sealed record PresentedCertificate(Certificate? Leaf, IReadOnlyList<Certificate> Chain)
{
    private const int LongestChain = 10; // a stranger may send any number
    private static readonly object Key = new();

    public static PresentedCertificate From(X509Certificate leaf, X509Chain? chain) =>
        new(Read(leaf), [.. (chain?.ChainPolicy.ExtraStore ?? []).Take(LongestChain).Select(Read).OfType<Certificate>()]);

    /// <summary>Keeps it with the connection, so that each call finds it.</summary>
    public void RememberOn(IDictionary<object, object?> connectionItems) => connectionItems[Key] = this;

    public static PresentedCertificate? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var found) == true
            ? (PresentedCertificate?)found
            : null;

    private static Certificate? Read(X509Certificate certificate) => Certificate.TryParse(certificate.GetRawCertData());
}
