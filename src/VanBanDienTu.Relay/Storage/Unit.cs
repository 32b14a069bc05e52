namespace VanBanDienTu.Relay.Storage;

/// <summary>One unit of work in the writer's queue.</summary>
internal abstract class Unit
{
    /// <summary>Nobody waits for the answer: it may wait a moment for company.</summary>
    public bool Patient { get; init; }

    /// <summary>True when its caller went away before it began.</summary>
    public abstract bool Cancelled();

    /// <summary>Runs the work. What concerns more than this unit (disk full, the connection) is thrown.</summary>
    /// <returns>What ended the work, to be rolled back without touching the others of its group; null when it went through.</returns>
    public abstract Task<StorageFailure?> RunAsync(DatabaseTransaction transaction);

    /// <summary>The group is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

internal sealed class Unit<T>(Func<DatabaseTransaction, Task<T>> work, CancellationToken ct) : Unit
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? thrown;

    public Task<T> Answer => answer.Task;

    public override bool Cancelled() => ct.IsCancellationRequested && answer.TrySetCanceled(ct);

    public override async Task<StorageFailure?> RunAsync(DatabaseTransaction transaction)
    {
        thrown = null;
        try
        {
            result = await work(transaction);
            return null;
        }
        catch (Exception e) when (transaction.Judge(e) is StorageFailure.Work or StorageFailure.Duplicate)
        {
            thrown = e;
            return transaction.Judge(e);
        }
    }

    public override void Complete()
    {
        if (thrown is null)
            answer.TrySetResult(result!);
        else
            answer.TrySetException(thrown);
    }

    public override void Fail(Exception failure) => answer.TrySetException(failure);
}
