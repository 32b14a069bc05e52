using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>One SoftHSM with a token and key of each type, one of them with a key that wants its PIN for every signature, and an empty token.</summary>
public sealed class SampleTokens : IDisposable
{
    public SampleTokens()
    {
        foreach (var type in new[] { "rsa2048", "p256", "p384", "p521", "rsa2048-luon-hoi" })
        {
            using var leaf = TestKeys.LeafCertificate(type.Split('-')[0], usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, name: "CN=Trần Thị B, O=Sở Thử nghiệm");
            Soft.Add(type, leaf, TestKeys.Rsa2048.Chain.Select(c => c.Der.ToArray()), alwaysAuthenticate: type.EndsWith("hoi", StringComparison.Ordinal));
        }
        Soft.AddEmpty("empty");
        Soft.Start();
    }

    public SoftToken Soft { get; } = new();

    public void Dispose() => Soft.Dispose();
}
