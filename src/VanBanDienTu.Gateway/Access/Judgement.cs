namespace VanBanDienTu.Gateway.Access;

/// <summary>Whether a certificate may call now.</summary>
internal abstract record Judgement
{
    private Judgement()
    {
    }

    public sealed record Known(Caller Caller) : Judgement;

    /// <param name="Refusal">What the caller is told.</param>
    public sealed record Refused(RequestException Refusal) : Judgement;
}
