using System.Collections.Concurrent;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>A real PKI over HTTP, the keys of four organs and three nodes, and samples that a person has signed; made once for a class.</summary>
public class RelayKeys : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Pkcs12Key> _keys = new(StringComparer.Ordinal);

    /// <summary>The same day for every run: a Friday's afternoon in Vietnam.</summary>
    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));

    public TestPki Pki { get; private set; } = null!; // InitializeAsync makes it before any test runs

    public async ValueTask InitializeAsync()
    {
        var profiles = SampleProfiles.Demo.Where(p => p.Kind is SampleKind.Person or SampleKind.Organization or SampleKind.Evidence)
            .Select(p => p with { Key = SampleKeyType.P256 });
        Pki = await TestPki.StartAsync([.. profiles], Time);
    }

    public Pkcs12Key Key(string name) =>
        _keys.GetOrAdd(name, n => Pkcs12Key.Load(Pki.Authority.KeyFile(n), Pki.Authority.Password));

    public PdfSigner Signer() => new(Time, Pki.Checker(), Pki.Trust);

    public PdfVerifier Verifier(TrustSnapshot? trust = null) => new(trust ?? Pki.Trust, Pki.Checker(), Time);

    /// <summary>A sample signed by the person of an organ; signed once, then copied.</summary>
    public async Task<byte[]> SignedAsync(string sample, string person = "person-G99.63")
    {
        var path = _folder[$"{Path.GetFileName(sample)}.{person}.pdf"];
        if (!File.Exists(path))
            await Signer().SignAsync(sample, path, Key(person), new SignatureRequest { Role = SignatureRole.Invisible });
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>The database of one more node; null = each node's own, in its folder.</summary>
    public virtual PostgresStorage? NewStorage() => null;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Pki.DisposeAsync();
        _folder.Dispose();
    }
}
