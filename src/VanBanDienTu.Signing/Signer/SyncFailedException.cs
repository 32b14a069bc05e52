namespace VanBanDienTu.Signing;

/// <summary>The disk refused to make something durable. A second try proves nothing: the kernel may have dropped what it could not write.</summary>
public sealed class SyncFailedException(string name, IOException refused) : IOException($"The disk refused to make «{name}» durable: {refused.Message}", refused);
