namespace VanBanDienTu.Relay.Payloads;

/// <summary>Where payloads live that are too large for their row: files in the node's folder, or chunks in the database that nodes share.</summary>
internal interface IPayloadStore
{
    /// <summary>Begins one payload; nothing of it is seen before it is complete.</summary>
    IPayloadSink Begin();

    /// <summary>How much is kept of an upload that was cut off; less than its size, a multiple of <see cref="UploadKey.BlockBytes"/>.</summary>
    Task<long> HeldAsync(UploadKey upload, CancellationToken ct);

    /// <summary>Begins an upload that outlives its connection and its process, or goes on with one; whoever was at it before loses it.</summary>
    /// <param name="from">0 = anew; else at most what <see cref="HeldAsync"/> says.</param>
    /// <param name="kept">Gets the bytes before <paramref name="from"/>, in order.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.OffsetUnknown"/>: less is kept, or what is kept is damaged.</exception>
    Task<IPayloadSink> ResumeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct);

    /// <summary>The bytes as they are kept (<see cref="PayloadRef.StoredName"/>), from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    Stream Open(PayloadRef payload);

    /// <summary>The file that holds the payload; null when it is in no file of its own.</summary>
    string? FileOf(PayloadRef payload);

    /// <summary>Deletes what no row of <c>payload</c> names and is older than <paramref name="age"/>: payloads, and uploads that nobody went on with.</summary>
    /// <returns>The number of payloads deleted.</returns>
    Task<int> CollectAsync(TimeSpan age, CancellationToken ct);
}

/// <summary>Takes the bytes of one payload. Disposed before it is complete it leaves what can be resumed, else nothing, or what <see cref="IPayloadStore.CollectAsync"/> finds.</summary>
internal interface IPayloadSink : IAsyncDisposable
{
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>When this returns, the payload is durable under its digest. The same payload again replaces the one that is there.</summary>
    /// <returns>The payload as it is kept.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct);

    /// <summary>What was taken is wrong: nothing of it is kept to go on with.</summary>
    Task ForgetAsync();
}
