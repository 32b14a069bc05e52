using Microsoft.Data.Sqlite;

namespace VanBanDienTu.Relay.Storage;

/// <summary>One unit of work in the writer's queue.</summary>
internal abstract class Unit
{
    /// <summary>True when its caller went away before it began.</summary>
    public abstract bool Cancelled();

    /// <summary>False when the work threw: it is rolled back, and the others of its group are not touched.</summary>
    public abstract Task<bool> RunAsync(DatabaseTransaction transaction);

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

    public override async Task<bool> RunAsync(DatabaseTransaction transaction)
    {
        thrown = null;
        try
        {
            result = await work(transaction);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode != 19)
        {
            // Anything but a broken constraint concerns the whole group: disk full, input/output.
            throw;
        }
        catch (Exception e)
        {
            thrown = e;
            return false;
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
