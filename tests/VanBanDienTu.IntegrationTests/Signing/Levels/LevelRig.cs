using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>A real authority, a signer of it, and a folder whose content shows what was left behind.</summary>
public abstract class LevelRig : IAsyncLifetime
{
    private readonly List<IDisposable> _owned = [];

    protected TemporaryFolder Folder { get; } = new();

    protected TestPki Pki { get; private set; } = null!;

    protected Pkcs12Key Key { get; private set; } = null!;

    protected SampleKey Person { get; private set; } = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The clock of the authority and of who signs and verifies.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        Pki = await TestPki.StartAsync([], Time);
        Person = Pki.Signer("person");
        Key = Owned(Pki.Open(Person));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _owned)
            one.Dispose();
        await Pki.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected T Owned<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    protected TimestampClient Timestamps(Func<TimestampOptions, TimestampOptions>? change = null, params Uri[] authorities)
    {
        var options = new TimestampOptions { Authorities = authorities.Length > 0 ? authorities : [new Uri(Pki.Authority.TsaUrl)], Timeout = TimeSpan.FromSeconds(60) };
        return Owned(new TimestampClient(change is null ? options : change(options), Pki.Trust, Pki.Time));
    }

    /// <summary>Only silence is waited for to its end; an answer that comes has all the time it needs.</summary>
    protected RevocationChecker Checker() =>
        Pki.Checker(new RevocationOptions { Timeout = TimeSpan.FromSeconds(Pki.OcspLie == PkiLie.Silent || Pki.CrlLie == PkiLie.Silent ? 3 : 60) });

    protected PdfSigner Signer(TimestampClient? timestamps = null) => new(Pki.Time, Checker(), Pki.Trust, timestamps ?? Timestamps());

    protected PdfExtender Extender(TimestampClient? timestamps = null) => new(Pki.Time, Pki.Trust, Checker(), timestamps ?? Timestamps());

    protected async Task<string> SignAsync(BaselineLevel level, string? input = null, string name = "signed.pdf", Pkcs12Key? key = null)
    {
        await Signer().SignAsync(input ?? Samples.CongVan, Folder[name], key ?? Key, new SignatureRequest { Level = level }, Ct);
        return Folder[name];
    }

    /// <summary>What somebody without a network is told: only the anchors and what is in the file.</summary>
    protected Task<FileVerdict> OfflineAsync(string file) => new PdfVerifier(Pki.Trust, null, Pki.Time).VerifyAsync(file, cancellation: Ct);

    /// <summary>Signing at that level fails with this fault, says why in both languages, and leaves nothing.</summary>
    protected async Task<SigningException> RefusedAsync(BaselineLevel level, SigningFault fault, TimestampClient? timestamps = null)
    {
        var before = Directory.GetFileSystemEntries(Folder.Path).Order(StringComparer.Ordinal).ToList();
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            Signer(timestamps).SignAsync(Samples.CongVan, Folder["refused.pdf"], Key, new SignatureRequest { Level = level }, Ct));
        Assert.Equal(fault, refused.Fault);
        Assert.NotEmpty(refused.Vietnamese);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder.Path).Order(StringComparer.Ordinal));
        return refused;
    }
}
