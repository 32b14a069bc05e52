using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>A key on a token or HSM (thiết bị lưu khóa), by the PKCS#11 library of its vendor. Safe for many threads; it signs one after another.</summary>
/// <remarks>
/// The PIN is kept in memory, because a token that was out for a moment, and a key that wants it for every signature, need it
/// again; it is never sent twice once it was refused, and erased by <see cref="Dispose"/>.
/// </remarks>
public sealed class Pkcs11Key : ISigningKey, IDisposable
{
    private readonly Cryptoki _cryptoki;
    private readonly Pkcs11Uri _uri;
    private readonly byte[] _pin;
    private readonly SemaphoreSlim _one = new(1, 1);
    private TokenSession? _session;
    private SigningException? _refused;

    private Pkcs11Key(Cryptoki cryptoki, Pkcs11Uri uri, byte[] pin)
    {
        (_cryptoki, _uri, _pin) = (cryptoki, uri, pin);
        _session = Opened();
        try
        {
            KeyAlgorithm = _session.IsRsa ? "RSA" : "ECDSA";
            Certificate = _session.Certificate();
            Chain = KeyChain.Order(Certificate, _session.Certificates());
        }
        catch (Exception e)
        {
            var where = _session.Where;
            Dispose();
            if (e is CryptokiException answer)
                throw CryptokiResult.Fault(answer.Result, answer.Doing, where);
            throw;
        }
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Certificate> Chain { get; }

    /// <inheritdoc/>
    public string KeyAlgorithm { get; }

    /// <summary>Opens the key of an address such as <c>pkcs11:token=Văn%20thư;object=ky-so?module-path=/usr/lib/….so</c>.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyAddressInvalid"/>, <see cref="SigningFault.TokenModuleUnusable"/>,
    /// <see cref="SigningFault.TokenAbsent"/>, <see cref="SigningFault.TokenKeyNotFound"/>, <see cref="SigningFault.WrongPin"/>,
    /// <see cref="SigningFault.PinLocked"/>, <see cref="SigningFault.NoCertificate"/>, <see cref="SigningFault.KeyDoesNotMatch"/>,
    /// <see cref="SigningFault.KeyUnsupported"/>, <see cref="SigningFault.KeyFailed"/>. The PIN is in none of their messages.</exception>
    public static Pkcs11Key Open(string address, string pin)
    {
        var uri = Pkcs11Uri.Parse(address);
        return Open(CryptokiModule.Open(uri.ModulePath), uri, pin);
    }

    internal static Pkcs11Key Open(Cryptoki cryptoki, Pkcs11Uri uri, string pin)
    {
        var key = new Pkcs11Key(cryptoki, uri, Encoding.UTF8.GetBytes(pin));
        var usable = key.Certificate.PublicKey is { AlgorithmName: "RSA", Size: >= 2048 and <= 16384 }
            or { AlgorithmName: "ECDSA", CurveOid: "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35" };
        if (usable && key._session!.Fits(key.Certificate))
            return key;
        var where = key._session!.Where;
        key.Dispose();
        throw usable
            ? new SigningException(SigningFault.KeyDoesNotMatch, $"The private key in {where} does not belong to the certificate with its id.",
                $"Khóa bí mật trong {where} không khớp với chứng thư số cùng CKA_ID.")
            : new SigningException(SigningFault.KeyUnsupported,
                $"The key in {where} is not one we sign with; use RSA of at least 2048 bits or ECDSA on P-256, P-384 or P-521.",
                $"Khóa trong {where} không dùng để ký được; hãy dùng RSA từ 2048 bit hoặc ECDSA P-256, P-384, P-521.");
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation)
    {
        var mechanism = CryptokiMechanism.For(KeyAlgorithm == "RSA", algorithm, padding);
        var input = mechanism.Input(hash.Span, algorithm);
        await _one.WaitAsync(cancellation);
        try
        {
            return mechanism.Output(Sign(mechanism, input));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Drop();
        CryptographicOperations.ZeroMemory(_pin);
        _one.Dispose();
    }

    // A token that was pulled out and put back has forgotten us: one new session is tried, and then its answer is final.
    private byte[] Sign(CryptokiMechanism mechanism, byte[] input)
    {
        try
        {
            if (_session is not null)
                return _session.Sign(mechanism, input, _pin);
        }
        catch (CryptokiException e)
        {
            var where = _session!.Where;
            Drop();
            if (!CryptokiResult.LostSession(e.Result))
                throw Remembered(CryptokiResult.Fault(e.Result, e.Doing, where));
        }
        _session = Opened();
        try
        {
            return _session.Sign(mechanism, input, _pin);
        }
        catch (CryptokiException e)
        {
            var where = _session.Where;
            Drop();
            throw Remembered(CryptokiResult.Fault(e.Result, e.Doing, where));
        }
    }

    private TokenSession Opened()
    {
        if (_refused is not null)
            throw _refused;
        try
        {
            return TokenSession.Open(_cryptoki, _uri, _pin);
        }
        catch (SigningException e)
        {
            throw Remembered(e);
        }
        catch (CryptokiException e)
        {
            throw CryptokiResult.Fault(e.Result, e.Doing, $"token «{_uri.Token}»");
        }
    }

    private SigningException Remembered(SigningException problem)
    {
        if (problem.Fault is SigningFault.WrongPin or SigningFault.PinLocked)
            _refused = problem;
        return problem;
    }

    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }
}
