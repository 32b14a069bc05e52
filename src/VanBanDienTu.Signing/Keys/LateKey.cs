using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>
/// A key whose holder may be away when the program starts (a token that is not plugged in, a signing service that is down): it is
/// opened when it is first needed, and until then whatever needs it fails with the reason. Safe for many threads.
/// </summary>
/// <param name="open">Opens the key; called again after a failure that may pass, never again after a refused secret.</param>
public sealed class LateKey(Func<OpenedKey> open) : ISigningKey, IDisposable
{
    private readonly Lock _gate = new();
    private OpenedKey? _opened;
    private SigningException? _final;

    /// <inheritdoc/>
    /// <exception cref="SigningException">It cannot be opened now.</exception>
    public Certificate Certificate => Opened().Certificate;

    /// <inheritdoc/>
    public IReadOnlyList<Certificate> Chain => Opened().Chain;

    /// <inheritdoc/>
    public string KeyAlgorithm => Opened().KeyAlgorithm;

    /// <summary>The certificate, when the key could be opened so far.</summary>
    public Certificate? KnownCertificate
    {
        get
        {
            lock (_gate)
                return _opened?.Key.Certificate;
        }
    }

    /// <summary>Whether waiting may help: the holder is away, nothing is wrong with the address or the secret.</summary>
    public static bool MayCome(SigningException problem) => problem.Fault is SigningFault.TokenAbsent or SigningFault.KeyFailed;

    /// <summary>Opens it now.</summary>
    /// <returns>Why it could not be opened; null when it is open.</returns>
    public SigningException? TryOpen()
    {
        try
        {
            Opened();
            return null;
        }
        catch (SigningException e)
        {
            return e;
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation) =>
        Opened().SignHashAsync(hash, algorithm, padding, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _opened?.Dispose();
    }

    private ISigningKey Opened()
    {
        lock (_gate)
        {
            if (_final is not null)
                throw _final;
            try
            {
                return (_opened ??= open()).Key;
            }
            catch (SigningException e) when (e.Fault is SigningFault.WrongPin or SigningFault.PinLocked)
            {
                _final = e; // a few wrong PINs lock a token
                throw;
            }
        }
    }
}
